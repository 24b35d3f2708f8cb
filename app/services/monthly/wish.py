"""What a row of a monthly report asks for."""

from app.rules.monthly import MonthlyWish
from app.rules.report.parts import ReportAudience, ReportLength, ReportOrder
from app.store.monthly import MonthlyReport


def read_wish(row: MonthlyReport) -> MonthlyWish:
    order = ReportOrder(row.language, ReportLength(row.length), ReportAudience(row.audience))
    return MonthlyWish(order, row.day, row.is_attached)
