import { describe, expect, it } from 'vitest'
import { parseClaims } from './parse-claims.ts'

describe('parseClaims', () => {
  it('reads sentence, command, expected output and time limit', () => {
    const claims = parseClaims(
      [
        '# Backup',
        'Prose with `code` and no number.',
        '1. A restore is complete. `npm test -- restore`',
        '2. `check` finds every flipped byte. `node flip.ts` → `0 missed`',
        '3. It is quick. `true` (5 s)',
        '4. It is a campaign of 10.000 seeds. `npm run simulate -- --seeds 10000` → `lost 0` (30 min)',
      ].join('\n'),
    )
    expect(claims).toEqual([
      {
        number: 1,
        sentence: 'A restore is complete.',
        command: 'npm test -- restore',
        expected: undefined,
        timeLimit: 120_000,
      },
      {
        number: 2,
        sentence: '`check` finds every flipped byte.',
        command: 'node flip.ts',
        expected: '0 missed',
        timeLimit: 120_000,
      },
      { number: 3, sentence: 'It is quick.', command: 'true', expected: undefined, timeLimit: 5000 },
      {
        number: 4,
        sentence: 'It is a campaign of 10.000 seeds.',
        command: 'npm run simulate -- --seeds 10000',
        expected: 'lost 0',
        timeLimit: 1_800_000,
      },
    ])
  })

  it('joins a wrapped claim', () => {
    expect(parseClaims('1. A long\n   sentence.\n   `true`')).toMatchObject([
      { sentence: 'A long sentence.', command: 'true' },
    ])
  })

  it('reads no claim from a file without one', () => {
    expect(parseClaims('# Nothing yet\n')).toEqual([])
  })

  it.each([
    ['1. A claim without a command.', /Claim 1 is not of the form/],
    ['1. `true`', /Claim 1 is not of the form/],
    ['1. One. `true`\n3. Three. `true`', /Claim 3 is out of order/],
    ['1. One. `true`\n1. One again. `true`', /Claim 1 is out of order/],
  ])('refuses %j', (markdown, message) => {
    expect(() => parseClaims(markdown)).toThrow(message)
  })
})
