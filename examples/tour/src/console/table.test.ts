import { expect, it } from 'vitest'
import { formatTable } from './table.ts'

it('aligns columns and leaves the last one ragged', () => {
  expect(
    formatTable([
      ['a', 'bb', 'c'],
      ['aaa', 'b', 'ccc'],
    ]),
  ).toBe('a    bb  c\naaa  b   ccc')
  expect(formatTable([])).toBe('')
})
