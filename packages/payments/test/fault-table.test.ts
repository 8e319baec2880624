import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const page = await readFile(join(root, 'docs/claims/payments-faults.md'), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (fault |-)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
const named = rows.map(([, fault = '', , tests = '']) => [fault, tests] as const)

/** The first words of the faults that payments answer for. */
const faults = [
  'the same webhook, N at once',
  'webhooks reordered, late, missing',
  'a crash before the call',
  'a timeout after success',
  '5xx then success, 409, 429',
  'a timeout at Authorize.Net',
  'mismatches of currency and exponent',
  'a clock an hour off',
  'two workers, killed in the middle',
  'forged, expired, future, foreign signatures',
  'keys being replaced',
]

describe('the fault table of payments', () => {
  it.each(faults)('has a row for: %s', (fault) => {
    expect(named.filter(([name]) => name.startsWith(fault))).toHaveLength(1)
  })

  it.each(named)('%s: has tests that are there', async (_, tests) => {
    const references = tests.split('; ')
    expect(references.length).toBeGreaterThan(0)
    for (const reference of references) {
      const [, file = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(reference) ?? []
      expect([reference, title], 'a file and words of a title').not.toContain('')
      expect(await readFile(join(root, 'packages/payments', file), 'utf8'), reference).toContain(title)
    }
  })
})
