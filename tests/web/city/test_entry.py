"""Words that the app uses itself at the beginning of an address."""

from fastapi.routing import iter_route_contexts

from app.main import create_app
from app.rules.city.naming import RESERVED
from app.settings import Settings


def test_no_city_can_take_an_address_of_the_app(settings: Settings) -> None:
    app = create_app(settings)
    paths = [route.path for route in iter_route_contexts(app.routes)]
    first = {path.split("/")[1] for path in paths if path}
    assert "{city}" in first
    assert first - {"{city}", ""} <= RESERVED
    assert len(first) > 5
    app.state.site.close()
