from app.adapters.pdf.print_quotes import print_quotes


def test_marks_are_set_in_the_language_of_their_text_and_nowhere_else() -> None:
    html = (
        '<html lang="es"><title>"t"</title><style>a::before { content: "x" }</style><p title="a">El &#34;plan&#34;</p>'
        "<div lang=en><div>the city&#39;s <b>&#34;plan&#34;</b></div> &#34;so&#34;</div><p>y &#34;más&#34;</p></html>"
    )
    assert print_quotes(html) == (
        '<html lang="es"><title>"t"</title><style>a::before { content: "x" }</style><p title="a">El «plan»</p>'
        "<div lang=en><div>the city’s <b>“plan”</b></div> “so”</div><p>y «más»</p></html>"
    )


def test_a_mark_after_an_element_in_the_line_looks_at_what_stands_in_it() -> None:
    assert print_quotes("<p><b>Newark</b>&#39;s <i>&#34;a&#34;</i>&#39;</p>") == "<p><b>Newark</b>’s <i>“a”</i>’</p>"
