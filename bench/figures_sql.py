"""The bench's jobs as statements of SQL for DuckDB, as an able analyst would write them.

They give the counts, the percentage and the greatest window of ten school weeks, and leave out the longest absence, the
day on which the threshold was met, and all checks of the input: less than the program does.
"""

from pathlib import Path

PRESENT, LATE, AUTHORISED, UNAUTHORISED, AFTER_CLOSE = "/\\VPWBJK", "L", "IMCEHRST", "OGN", "U"

RATES = """attended + authorised + unauthorised AS possible,
  round(100 * attended / nullif(possible, 0), 1) AS attendance_percent,
  10 * (authorised + unauthorised) >= possible AS persistent, 2 * (authorised + unauthorised) >= possible AS severe"""


def long_sql(marks: Path, out: Path) -> str:
    """From a long CSV file to a CSV of figures."""
    return f"""SET enable_progress_bar = false; COPY (WITH
read AS (SELECT pupil, code, date_trunc('week', date) AS monday FROM read_csv('{marks}', header = true,
  columns = {{'pupil': 'VARCHAR', 'date': 'DATE', 'session': 'VARCHAR', 'code': 'VARCHAR', 'late': 'INTEGER'}})),
weeks AS (SELECT monday, row_number() OVER (ORDER BY monday) AS week FROM (SELECT DISTINCT monday FROM read)),
by_week AS (SELECT pupil, week, count(*) FILTER (contains('{PRESENT}{LATE}', code)) AS attended,
  count(*) FILTER (contains('{AUTHORISED}', code)) AS authorised,
  count(*) FILTER (contains('{UNAUTHORISED}{AFTER_CLOSE}', code)) AS unauthorised,
  count(*) FILTER (code = '{LATE}') AS late, count(*) FILTER (code = '{AFTER_CLOSE}') AS late_after_close,
  count(*) FILTER (code = '-') AS missing FROM read JOIN weeks USING (monday) GROUP BY pupil, week),
windows AS (SELECT *, sum(unauthorised)
  OVER (PARTITION BY pupil ORDER BY week RANGE BETWEEN 9 PRECEDING AND CURRENT ROW) AS ten FROM by_week),
sums AS (SELECT pupil, sum(attended) AS attended, sum(authorised) AS authorised, sum(unauthorised) AS unauthorised,
  sum(missing) AS missing, sum(late) AS late, sum(late_after_close) AS late_after_close, max(ten) AS ten
  FROM windows GROUP BY pupil)
SELECT *, {RATES} FROM sums ORDER BY pupil) TO '{out}' (FORMAT csv)"""


def sheet_sql(marks: Path, n_sessions: int, out: Path) -> str:
    """From a file in sheet form, ten sessions a week, to a Parquet file of figures."""
    n_windows = n_sessions // 10 - 9
    return f"""SET enable_progress_bar = false; COPY (WITH
read AS (SELECT pupil, decode(marks) AS marks FROM read_parquet('{marks}')),
sums AS (SELECT pupil, {_count(PRESENT + LATE)} AS attended, {_count(AUTHORISED)} AS authorised,
  {_count(UNAUTHORISED + AFTER_CLOSE)} AS unauthorised, {_count("-")} AS missing, {_count(LATE)} AS late,
  {_count(AFTER_CLOSE)} AS late_after_close, list_max(list_transform(range(0, {n_windows}), lambda week:
  100 - length(translate(marks[10 * week + 1 : 10 * week + 100], '{UNAUTHORISED}{AFTER_CLOSE}', '')))) AS ten FROM read)
SELECT *, {RATES} FROM sums ORDER BY pupil) TO '{out}' (FORMAT parquet)"""


def _count(codes: str) -> str:
    return f"length(marks) - length(translate(marks, '{codes}', ''))"
