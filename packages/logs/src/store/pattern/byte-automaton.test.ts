import fc from 'fast-check'
import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import { ByteAutomaton } from './byte-automaton.ts'

const letter = fc.constantFrom('a', 'b', 'A', '0', '9', '_', '-', ' ', 'é', 'ſ', '漢', '\u{d7ff}', '\u{e000}', '😀')
const atom = fc.oneof(
  { weight: 4, arbitrary: letter },
  fc.constantFrom(
    '.',
    '\\d',
    '\\D',
    '\\w',
    '\\W',
    '\\s',
    '\\S',
    '\\.',
    '\\\\',
    '\\-',
    '^',
    '$',
    '\\A',
    '\\z',
    '{',
    'a{,2}',
  ),
  fc.constantFrom(
    '[ab]',
    '[^a]',
    '[a-z0-9]',
    '[^\\d_]',
    '[]a]',
    '[^]a]',
    '[a-]',
    '[-a]',
    '[\\w-]',
    '[é-漢]',
    '[^é-漢]',
  ),
  fc.constantFrom('[a-b-9]', '[.^$|]', '[\\]\\\\]', '[[]', '[^😀]', '[\\S]', '[\\n-a]', '[^\\W]', '(?:)', '()'),
)
const quantifier = fc.constantFrom('*', '+', '?', '*?', '+?', '??', '{2}', '{0}', '{0,2}', '{1,}', '{2,3}?')
const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4 },
    fc.array(tie('piece'), { maxLength: 4 }).map((pieces) => pieces.join('')),
    fc.tuple(tie('pattern'), tie('pattern')).map((both) => both.join('|')),
  ),
  piece: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    atom,
    fc.tuple(atom, quantifier).map((both) => both.join('')),
    tie('pattern').map((inside) => `(${inside})`),
    fc.tuple(tie('pattern'), quantifier).map(([inside, times]) => `(?:${inside})${times}`),
  ),
}))
const text = fc.array(letter, { maxLength: 12 }).map((letters) => letters.join(''))

function compiled(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(source)
  } catch {
    return undefined
  }
}

describe('an automaton over bytes', () => {
  it('finds what RE2 finds', () => {
    let known = 0
    let found = 0
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 8 }), (source, texts) => {
        const re2 = compiled(source)
        if (re2 === undefined) return
        const automaton = ByteAutomaton.of(source)
        if (automaton === undefined) return
        known++
        for (const each of texts) {
          const bytes = Buffer.from(`<${each}>`)
          const isFound = automaton.test(bytes, 1, bytes.length - 1)
          expect(isFound, `${JSON.stringify(source)} in ${JSON.stringify(each)}`).toBe(re2.test(each))
          if (isFound === true) found++
        }
      }),
      { numRuns: 5_000 },
    )
    expect(known).toBeGreaterThan(4_000)
    expect(found).toBeGreaterThan(4_000)
  })

  it.each(['$^', '^$', '$^a*', '(^|a)$', '^^a', 'a$$', '(?:^a|b$)', '(?:^)*a$', 'a^b', 'a$b', ''])(
    'knows the beginning and the end as RE2 does: %s',
    (source) => {
      const automaton = ByteAutomaton.of(source)!
      for (const each of ['', 'a', 'b', 'aa', 'ab', 'ba', 'bab'])
        expect(automaton.test(Buffer.from(each), 0, each.length), each).toBe(RE2JS.compile(source).test(each))
    },
  )

  it.each([
    '(?i)a',
    '\\bword',
    '\\pL',
    '[[:alpha:]]',
    '(?P<name>a)',
    '\\x41',
    '\\Qa.b\\E',
    '(?s).',
    '\\101',
    '[\\x41]',
  ])('is not made for %s', (source) => {
    expect(RE2JS.compile(source)).toBeDefined()
    expect(ByteAutomaton.of(source)).toBeUndefined()
  })

  it('is not made for patterns that grow too large', () => {
    expect(ByteAutomaton.of('(?:[^a]{30}){30}')).toBeUndefined()
  })

  it('gives up where its states become too many, and in no more time than the text is long', () => {
    const automaton = ByteAutomaton.of('a[ab]{14}c')!
    let state = 1
    const bytes = Buffer.from(
      Array.from({ length: 50_000 }, () =>
        ((state = (state * 1_103_515_245 + 12_345) % 2 ** 31) & 0x1_0000) === 0 ? 0x61 : 0x62,
      ),
    )
    expect(automaton.test(bytes, 0, bytes.length)).toBeUndefined()
    // What it has states for it still answers.
    expect(automaton.test(bytes, 0, 10)).toBe(false)
  })

  it('takes a bomb as any other pattern', () => {
    const automaton = ByteAutomaton.of('^(a+)+$')!
    const bytes = Buffer.from(`${'a'.repeat(1_000_000)}!`)
    expect(automaton.test(bytes, 0, bytes.length)).toBe(false)
    expect(automaton.test(bytes, 0, bytes.length - 1)).toBe(true)
  })
})
