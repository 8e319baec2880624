import { expect, it } from 'vitest'
import { table } from './table.ts'

it('aligns text to the left and numbers to the right', () => {
  const text = table([
    ['name', 'ms', 'target'],
    ['core', '7.5', '≤ 10'],
    ['backup', '12.0', '≤ 40'],
    ['geo', '–', ''],
  ])
  expect(text.split('\n')).toEqual([
    'name      ms  target',
    'core     7.5    ≤ 10',
    'backup  12.0    ≤ 40',
    'geo        –',
  ])
})

it('prints nothing for no rows', () => {
  expect(table([])).toBe('')
})
