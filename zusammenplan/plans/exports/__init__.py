"""Plans as files: lists of measures, the whole plan as JSON, the workbook to be edited."""

from zusammenplan.plans.exports.lists import (
    CSV_KIND,
    XLSX_KIND,
    csv_lines,
    harmless,
    plan_document,
    xlsx_file,
)

__all__ = ["CSV_KIND", "XLSX_KIND", "csv_lines", "harmless", "plan_document", "xlsx_file"]
