import { ExprsnError } from '@exprsn/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { money } from '../../money/index.ts'
import { writeStatement } from '../../testing/index.ts'
import type { StatementParser } from '../statement-parser.ts'
import { camtParser, carefulCamtParser } from './camt-parser.ts'

const text = writeStatement('camt', {
  ...{ id: 'S-1', account: 'DE89370400440532013000', opening: money('10.00', 'EUR') },
  movements: ['4990.00', '-12.34', '0.01'].map((value, at) => ({
    ...{ bookedOn: '2026-11-18', amount: money(value, 'EUR'), bankReference: `B${at}`, text: `STRIPE & Söhne ${at}` },
    counterparty: 'Müller',
  })),
})

/** What a parser gives or refuses, for pieces that end at some places. */
function outcome(parser: StatementParser, bytes: Uint8Array, cuts: readonly number[]): unknown {
  const items: unknown[] = []
  try {
    let from = 0
    for (const cut of [...cuts.map((each) => each % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)) {
      items.push(...parser.push(bytes.subarray(from, cut)))
      from = cut
    }
    items.push(...parser.end())
    return items
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    return `${error.code}: ${error.message}`
  }
}

function expectSame(bytes: Uint8Array, cuts: readonly number[] = [], faults = 1): void {
  const [found, expected] = [outcome(camtParser(), bytes, cuts), outcome(carefulCamtParser(), bytes, cuts)]
  // Of two faults, the careful one tells the first of the piece's XML before any of its content.
  if (faults > 1 && typeof found === 'string') expect(typeof expected).toBe('string')
  else expect(found).toEqual(expected)
}

const odd = [
  '<!-- x -->',
  '<!-- x --',
  '<![CDATA[a<b]]>',
  '<?pi x?>',
  '&amp;',
  '&#65;',
  '&x;',
  '&',
  ']]>',
  ']',
  '\r\n',
  '\u0001',
  'é',
  '<a b="1>2">',
  '<a/>',
  '</Ntry>',
  '</a>',
  '<x:y xmlns:x="u"/>',
  '<x:y/>',
  '<Amt Ccy="EUR"/>',
  '<Amt Ccy="eur">',
  "<Amt Ccy='EUR'>1</Amt>",
  '<Amt  Ccy="EUR">',
  '<Ntry >',
  '</Ntry >',
  '<1>',
  '<>',
  '< a>',
  '<!DOCTYPE a>',
  ' '.repeat(9),
  '<a>'.repeat(70),
]

describe('the faster reader of CAMT', () => {
  it('gives and refuses what the careful one does, whatever stands anywhere', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...odd), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        (changes, cuts) => {
          let changed = text
          for (const [what, place, replaces] of changes) {
            const at = place % changed.length
            changed = changed.slice(0, at) + what + changed.slice(at + (replaces ? what.length : 0))
          }
          expectSame(Buffer.from(changed), cuts, 2)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('takes bytes that are no UTF-8, other encodings and other roots as the careful one does', () => {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += 17) expectSame(Buffer.from(bytes).fill(0xff, at, at + 1))
    expectSame(Buffer.from(text.replace('UTF-8', 'ISO-8859-1'), 'latin1'))
    expectSame(Buffer.from(text.replace('UTF-8', 'KOI8-R')))
    expectSame(Buffer.from(`\uFEFF${text}`))
    expectSame(Buffer.from(`\uFEFF${text}`, 'utf16le'))
    for (const root of ['<n:Document xmlns:n="u">', '<Document/>', '<Document', '<Ducument>', '<Documént>'])
      expectSame(Buffer.from(text.replace(/<Document[^>]*>/, root)))
    expectSame(Buffer.from(`<!-- a > b --><Document>${text.slice(text.indexOf('<Bk'))}`))
    for (const end of ['', '\n', '<!-- end -->', '<a/>', 'x', '</Document>']) expectSame(Buffer.from(text + end))
    expectSame(Buffer.from(''))
    expectSame(Buffer.from('x'))
  })

  it('gives the same when every byte comes alone, and when a text is longer than it reads by itself', () => {
    const bytes = Buffer.from(text)
    expectSame(
      bytes,
      Array.from({ length: bytes.length }, (_, at) => at),
    )
    const long = Buffer.from(text.replace('STRIPE', 'x'.repeat(200_000)))
    expectSame(long, [1_000, 70_000, 140_000])
    expectSame(Buffer.from(long.toString().replace('<Ntry>', `<Ntry><!--${'-'.repeat(3)}-->`)), [70_000])
    expectSame(Buffer.from(text.replace('<Sts>', `${' '.repeat(150_000)}<Sts a="1">`)), [100_000])
  })
})
