import { storeErrors } from '../errors.ts'

/** Patterns whose programs would be larger than this are refused by the time limit of the query anyway. */
const longestPattern = 4_096

/**
 * Makes the test of a pattern of RE2, whose time is linear in the length of the text whatever the pattern is (Cox, "Regular
 * Expression Matching Can Be Simple And Fast", 2007). The engine is loaded with the first pattern.
 *
 * @throws `LOGS_QUERY_PATTERN`
 */
export async function compilePattern(pattern: string): Promise<(text: string) => boolean> {
  if (pattern.length > longestPattern) throw refused(pattern, `it is longer than ${longestPattern} characters`)
  const { RE2JS } = await import('re2js')
  try {
    const compiled = RE2JS.compile(pattern)
    return (text) => compiled.test(text)
  } catch (cause) {
    throw refused(pattern, (cause as Error).message, cause)
  }
}

function refused(pattern: string, reason: string, cause?: unknown) {
  return storeErrors.LOGS_QUERY_PATTERN({ pattern: pattern.slice(0, 100), reason }, { cause })
}

/**
 * The longest text that stands in everything the pattern matches, or nothing where none is seen at a glance: what is in
 * parentheses or has an alternative is passed over.
 */
export function requiredLiteral(pattern: string): string {
  let best = ''
  let run = ''
  let depth = 0
  const end = (): void => {
    if (run.length > best.length) best = run
    run = ''
  }
  if (pattern.includes('(?')) return ''
  for (let at = 0; at < pattern.length; at++) {
    const unit = pattern[at]!
    if (unit === '\\') {
      const next = pattern[++at] ?? ''
      if (depth === 0 && /[^A-Za-z0-9]/.test(next)) run += next
      else {
        end()
        // Classes, code points and quotations: whatever they mean, nothing is gained by reading them.
        if (/[pPxQ0-7]/.test(next)) return best
      }
    } else if (unit === '[') {
      end()
      const close = classEnd(pattern, at)
      if (close < 0) return best
      at = close
    } else if (unit === '|') {
      if (depth === 0) return ''
    } else if (unit === '(') {
      end()
      depth++
    } else if (unit === ')') {
      end()
      depth--
    } else if (unit === '*' || unit === '?' || unit === '{') {
      run = run.replace(/.$/su, '')
      end()
      if (unit === '{') {
        const close = pattern.indexOf('}', at)
        if (close < 0) return best
        at = close
      }
    } else if ('.^$+'.includes(unit)) end()
    else if (depth === 0) run += unit
  }
  end()
  return best
}

function classEnd(pattern: string, start: number): number {
  let at = start + 1
  if (pattern[at] === '^') at++
  if (pattern[at] === ']') at++
  for (; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++
    else if (pattern[at] === '[') return -1
    else if (pattern[at] === ']') return at
  }
  return -1
}
