"""Plans as files: lists of measures and needs, evaluations, the whole plan, the workbook."""
