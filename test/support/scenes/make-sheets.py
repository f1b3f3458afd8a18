"""Makes test/sheets/*.xlsx with openpyxl 3.1, a program other than ours: `python3 make-sheets.py FOLDER`."""
import sys
from datetime import date
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

folder = sys.argv[1]
book = Workbook()
hidden = book.active
hidden.title = '숨김'
hidden.append(['배송번호', '택배사', '운송장번호'])
hidden.append(['D-HIDDEN', '04', '681234567890'])
hidden.sheet_state = 'hidden'
sheet = book.create_sheet('출고')
sheet.append(['11월 23일 출고 목록'])
sheet.append(['비고', '운송장번호 ', '택배사', '순번', '배송번호*'])
rows = [
    ['number', 681234567890, 4, 1, 'D-NUMBER'],
    ['format with zeros', 12345678901, '04', 1, 'D-ZEROS'],
    ['text with zeros', '012345678901', '04', '1', 'D-TEXT'],
    ['hyphens, full-width', '6812－3456 7890', 'CJ 대한통운', '１', 'Ｄ－ＷＩＤＥ'],
    ['digits lost', 12345678901234567890, '04', 1, 'D-LOST'],
    ['scientific text', '6.81235E+11', '04', 1, 'D-SCIENCE'],
    ['a date', date(2026, 11, 23), '04', 1, 'D-DATE'],
    ['an error', '#N/A', '04', 1, 'D-ERROR'],
    ['a formula without value', '=1+1', '04', 1, 'D-FORMULA'],
    [],
    [None, '   '],
    ['merged', '681234567891', '롯데', 1, 'D-MERGED'],
    ['merged', '681234567892', '롯데', 2, None],
    ['rich', CellRichText('6812', TextBlock(InlineFont(b=True), '34567893')), '한진', None, 'D-RICH'],
]
for row in rows:
    sheet.append(row)
sheet['B4'].number_format = '000000000000'
sheet['B7'].number_format = '0'
sheet.merge_cells('E14:E15')
book.save(f'{folder}/messy.xlsx')
