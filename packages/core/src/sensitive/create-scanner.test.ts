import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createScanner } from './create-scanner.ts'
import { sensitiveKinds, type SensitiveKind } from './sensitive-kind.ts'
import { harmlessTexts, sensitiveTexts } from './text-corpus.fixture.ts'

const scanner = createScanner()

function only(kind: string) {
  return createScanner({ kinds: [kind as SensitiveKind] })
}

describe('scan', () => {
  it.each(sensitiveTexts)('finds the %s in %j', (kind, text, found) => {
    const findings = only(kind).scan(text)
    expect(findings.map(({ start, end }) => text.slice(start, end))).toEqual([found])
    expect(findings[0]!.kind).toBe(kind)
    expect(scanner.mask(text)).not.toContain(found)
  })

  it.each(harmlessTexts)('finds nothing in %j', (text) => {
    expect(scanner.scan(text)).toEqual([])
    expect(scanner.mask(text)).toBe(text)
  })

  it('knows every kind by an example', () => {
    expect(new Set(sensitiveTexts.map(([kind]) => kind))).toEqual(new Set(sensitiveKinds))
  })

  it('finds what stands at the very beginning and end', () => {
    expect(scanner.mask('ann@example.com')).toBe('[email]')
    expect(scanner.mask('4111111111111111')).toBe('[card …1111]')
  })

  it('finds each kind again in its example put between other text', () => {
    const words = fc.constantFrom('', 'a ', 'see: ', '(', '"', ' \n', '€ ', '😀 ')
    const property = fc.property(
      fc.constantFrom(...sensitiveTexts),
      words,
      words,
      ([kind, text, found], before, after) => {
        const whole = `${before} ${text} ${after}`
        const spans = only(kind)
          .scan(whole)
          .map(({ start, end }) => whole.slice(start, end))
        expect(spans.some((span) => span.startsWith(found))).toBe(true)
      },
    )
    fc.assert(property, { numRuns: 200 })
  })

  it('does not take numbers for cards: of random digits, one in ten of one in twelve', () => {
    let found = 0
    const property = fc.property(fc.integer({ min: 1e15, max: 1e16 - 1 }), (number) => {
      found += only('card').scan(`order ${number}`).length
    })
    fc.assert(property, { numRuns: 5000, seed: 7 })
    // Visa alone holds a ninth of the numbers, and a tenth of those has a right check digit.
    expect(found).toBeLessThan(5000 * 0.04)
  })

  it('takes every number of a network with a right check digit for a card', () => {
    const prefix = fc.constantFrom('4', '51', '2221', '2720', '6011', '644', '659', '3528', '62', '2204')
    const property = fc.property(prefix, fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), (start, rest) => {
      const body = (start + String(rest).padStart(15, '0')).slice(0, 15)
      const check = [...Array(10).keys()].find((digit) => referenceLuhn(`${body}${digit}`))!
      expect(only('card').scan(`x ${body}${check} y`)).toHaveLength(1)
      expect(only('card').scan(`x ${body}${(check + 1) % 10} y`)).toEqual([])
    })
    fc.assert(property, { numRuns: 200 })
  })

  it('gives findings in order and never overlapping', () => {
    const pieces = fc.array(fc.constantFrom(...sensitiveTexts.map(([, text]) => text), ':', '=', ' ', '@', '"'))
    const property = fc.property(pieces, (list) => {
      const text = list.join('')
      let end = 0
      for (const finding of scanner.scan(text)) {
        expect(finding.start).toBeGreaterThanOrEqual(end)
        expect(finding.end).toBeGreaterThan(finding.start)
        end = finding.end
      }
      expect(end).toBeLessThanOrEqual(text.length)
    })
    fc.assert(property, { numRuns: 200 })
  })

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(scanner.mask(text).length).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 2000 },
    )
  })
})

function referenceLuhn(digits: string): boolean {
  const weighed = Array.from(digits)
    .reverse()
    .map((digit, index) => Number(digit) * (index % 2 === 0 ? 1 : 2))
  return weighed.map((value) => (value > 9 ? value - 9 : value)).reduce((sum, value) => sum + value) % 10 === 0
}

describe('mask', () => {
  it('names the kind, keeps the rest and the last four digits of a card', () => {
    const text = 'ann@example.com paid 4242-4242-4242-4242 from 192.0.2.1, password=x'
    expect(scanner.mask(text)).toBe('[email] paid [card …4242] from [ip], password=[secret]')
  })

  it('gives the same again for what it has masked', () => {
    for (const [, text] of sensitiveTexts) {
      const masked = scanner.mask(text)
      expect(scanner.mask(masked)).toBe(masked)
    }
  })

  it('masks the whole of overlapping findings', () => {
    const masked = scanner.mask('password=ann@example.com')
    expect(masked).toMatch(/^password=\[\w+\]$/)
    expect(scanner.mask('url=postgres://u:4111111111111111@h/')).toBe('url=postgres://u:[url-password]@h/')
    expect(scanner.mask('token=abc-+14155550123')).toBe('token=[secret]')
    expect(scanner.mask('4242 4242 4242 4242 4242')).toBe('[card …4242][card …4242]')
    expect(scanner.mask('password=a-GB82 WEST 1234 5698 7654 32')).toBe('password=[secret][iban]')
  })

  it('keeps to the kinds it was given', () => {
    expect(createScanner({ kinds: ['ip'] }).mask('ann@example.com at 192.0.2.1')).toBe('ann@example.com at [ip]')
    expect(createScanner({ kinds: [] }).mask('ann@example.com')).toBe('ann@example.com')
  })

  it('lets through what is allowed, by text or by function', () => {
    const listed = createScanner({ allow: ['help@example.com', '4242424242424242'] })
    expect(listed.mask('help@example.com 4242424242424242 ann@example.com')).toBe(
      'help@example.com 4242424242424242 [email]',
    )
    const asked = createScanner({ allow: (found, kind) => kind === 'ip' && found.startsWith('10.') })
    expect(asked.mask('10.0.0.1 192.0.2.1')).toBe('10.0.0.1 [ip]')
  })

  it('refuses a kind that does not exist', () => {
    const kinds = ['cards' as SensitiveKind]
    expect(() => createScanner({ kinds })).toThrow(expect.objectContaining({ code: 'CORE_SENSITIVE_KIND_UNKNOWN' }))
  })
})

describe('maskStream', () => {
  async function collect(pieces: Iterable<string>): Promise<string> {
    let text = ''
    for await (const piece of scanner.maskStream(pieces)) text += piece
    return text
  }

  it('gives what mask gives of the whole, however it was cut', async () => {
    const filler = 'The quick brown fox jumps over 13 lazy dogs: done=yes.\n'
    const pieces = fc.array(fc.constantFrom(...sensitiveTexts.map(([, text]) => text), ...harmlessTexts), {
      minLength: 50,
      maxLength: 120,
    })
    const sizes = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 30 })
    const property = fc.asyncProperty(pieces, sizes, fc.nat(60), async (list, cuts, repeat) => {
      const text = list.join(filler.repeat(repeat))
      const parts: string[] = []
      for (let at = 0, index = 0; at < text.length; index++) {
        const size = cuts[index % cuts.length]!
        parts.push(text.slice(at, at + size))
        at += size
      }
      expect(await collect(parts)).toBe(scanner.mask(text))
    })
    await fc.assert(property, { numRuns: 100 })
  })

  it('finds a key of many lines across the border of what it holds', async () => {
    const block = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(9000)}\n-----END PRIVATE KEY-----`
    for (const before of [64_000, 65_536, 80_000, 90_536 - 4000]) {
      const text = `${'x '.repeat(before / 2)}${block}${' y'.repeat(80_000)}`
      expect(await collect(text.match(/[^]{1,1000}/g)!)).toBe(scanner.mask(text))
    }
  })

  it('masks a chain of findings, each overlapping the next, to its end', async () => {
    const begin = '-----BEGIN PRIVATE KEY-----'
    for (const gap of [4_000, 9_000, 16_000]) {
      const text = `${'x '.repeat(20_000)}${(begin + 'A'.repeat(gap)).repeat(30)}${' y'.repeat(30_000)}`
      const masked = await collect(text.match(/[^]{1,7000}/g)!)
      expect(masked).toBe(scanner.mask(text))
      expect(masked).not.toContain('AAAA')
    }
  })

  it('sees as far ahead as anything that is found can reach', async () => {
    const far = [`+1${'()'.repeat(20_000)}4155550123`, `authorization: Bearer${' '.repeat(30_000)}dXNlcjpwYXNz`]
    for (const stretched of far) {
      const text = `${'x '.repeat(32_000)}${stretched}${' y'.repeat(30_000)}`
      expect(await collect(text.match(/[^]{1,1000}/g)!)).toBe(scanner.mask(text))
    }
  })

  it('gives text out before the source ends', async () => {
    let given = 0
    let seen = 0
    const source = function* () {
      for (; given < 1000; given++) yield 'nothing special here '.repeat(50)
    }
    for await (const piece of scanner.maskStream(source())) {
      seen ||= given
      expect(piece.length).toBeLessThan(200_000)
    }
    expect(seen).toBeLessThan(150)
  })

  it('gives nothing for nothing', async () => {
    expect(await collect([])).toBe('')
    expect(await collect(['', ''])).toBe('')
  })
})
