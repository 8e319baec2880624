import { levelOf } from '../../record/level.ts'
import { foldCase, isTokenUnit, tokensOf } from '../line/character-classes.ts'
import { ByteAutomaton } from '../pattern/byte-automaton.ts'
import { longestIndexedToken } from '../tokens/token-hash.ts'
import type { ValueTest } from './filter.ts'
import { compilePattern, requiredLiteral } from './pattern.ts'

/** A test of values, and what is known beforehand of the values that pass it. */
export interface CompiledTest {
  /** Whether a value passes. */
  readonly test: (value: string, isText: boolean) => boolean
  /** Tokens that every text that passes has, each at most `longestIndexedToken` long. */
  readonly tokens: readonly string[]
  /** Whether the one token is all that is asked. */
  readonly isToken: boolean
  /** Stands in every text that passes, letters of ASCII in any case where `foldsCase` says so. */
  readonly literal: string
  readonly foldsCase: boolean
  /** Of a test that the literal, which is ASCII then, decides alone: at which ends a token may not go on. */
  readonly edges?: { readonly begin: boolean; readonly end: boolean } | undefined
  /** Of a pattern: the same test of UTF-8, where there is one. */
  readonly automaton?: ByteAutomaton | undefined
  /** Least and largest number that may pass; undefined where numbers do not decide. */
  readonly range?: readonly [number, number] | undefined
}

const nothing = { tokens: [], isToken: false, literal: '', foldsCase: false } as const

/** Makes the test. @throws `LOGS_QUERY_PATTERN` */
export async function compileTest(test: ValueTest): Promise<CompiledTest> {
  switch (test.type) {
    case 'phrase': {
      const text = foldCase(test.text)
      const tokens = tokensOf(text).map((token) => token.slice(0, longestIndexedToken))
      // Longer ones share their place in the index with all that begin alike.
      const isToken = tokens.length === 1 && tokens[0] === text && text.length < longestIndexedToken
      return {
        ...nothing,
        tokens,
        isToken,
        literal: text,
        foldsCase: true,
        edges: edgesOf(text, true),
        test: (value) => hasPhrase(value, text, true),
      }
    }
    case 'prefix': {
      const text = foldCase(test.text)
      // The last token of the text may go on in the value.
      const tokens = tokensOf(text.replace(/[a-z0-9_]+$/, '')).map((token) => token.slice(0, longestIndexedToken))
      const edges = edgesOf(text, false)
      return {
        ...nothing,
        tokens,
        literal: text,
        foldsCase: true,
        edges,
        test: (value) => hasPhrase(value, text, false),
      }
    }
    case 'equals': {
      const tokens = tokensOf(test.text).map((token) => token.slice(0, longestIndexedToken))
      return { ...nothing, tokens, literal: test.text, test: (value) => value === test.text }
    }
    case 'in': {
      const texts = new Set(test.texts)
      return { ...nothing, test: (value) => texts.has(value) }
    }
    case 'pattern': {
      const matches = await compilePattern(test.pattern)
      const literal = requiredLiteral(test.pattern)
      // Tokens at the ends of a literal may go on beyond it.
      const inner = /^[A-Za-z0-9_]*(.*?)[A-Za-z0-9_]*$/s.exec(literal)![1]!
      const tokens = tokensOf(inner).map((token) => token.slice(0, longestIndexedToken))
      const automaton = ByteAutomaton.of(test.pattern)
      return { ...nothing, tokens, literal, automaton, test: (value) => matches(value) }
    }
    case 'exists':
      return { ...nothing, test: () => true }
    case 'range':
      return { ...nothing, ...compileRange(test) }
    case 'level': {
      const names = new Set<string | undefined>(test.names)
      return { ...nothing, test: (value, isText) => names.has(levelOf(isText ? value : Number(value))) }
    }
  }
}

/**
 * Undefined for a text beyond ASCII, of which bytes alone do not tell whether it is there, and for one with a newline: those of a
 * column stand between its values.
 */
function edgesOf(text: string, endsToken: boolean): CompiledTest['edges'] {
  // oxlint-disable-next-line no-control-regex -- all of ASCII is meant
  if (!/^[\x00-\x09\x0b-\x7f]+$/.test(text)) return undefined
  return { begin: isTokenUnit(text.charCodeAt(0)), end: endsToken && isTokenUnit(text.charCodeAt(text.length - 1)) }
}

/** Whether a text stands in a value without beginning within a token, and, where `endsToken`, without ending in one. */
function hasPhrase(value: string, text: string, endsToken: boolean): boolean {
  const folded = foldCase(value)
  const beginsToken = isTokenUnit(text.charCodeAt(0))
  const needsEnd = endsToken && isTokenUnit(text.charCodeAt(text.length - 1))
  for (let at = folded.indexOf(text); at >= 0; at = folded.indexOf(text, at + 1)) {
    const end = at + text.length
    if (beginsToken && at > 0 && isTokenUnit(folded.charCodeAt(at - 1))) continue
    if (needsEnd && end < folded.length && isTokenUnit(folded.charCodeAt(end))) continue
    return true
  }
  return false
}

function compileRange({ from, to }: Extract<ValueTest, { type: 'range' }>): Pick<CompiledTest, 'test' | 'range'> {
  const isNumeric = [from, to].every((each) => each === undefined || typeof each.value === 'number')
  if (isNumeric) {
    const [least, most] = [Number(from?.value ?? -Infinity), Number(to?.value ?? Infinity)]
    return {
      range: [least, most],
      test(value) {
        if (value === '' || value.trim() !== value) return false
        const number = Number(value)
        return (
          (from?.isIncluded === false ? number > least : number >= least) &&
          (to?.isIncluded === false ? number < most : number <= most)
        )
      },
    }
  }
  const [least, most] = [
    from === undefined ? undefined : String(from.value),
    to === undefined ? undefined : String(to.value),
  ]
  return {
    test: (value) =>
      (least === undefined || (from!.isIncluded ? value >= least : value > least)) &&
      (most === undefined || (to!.isIncluded ? value <= most : value < most)),
  }
}
