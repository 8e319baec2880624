import { detect } from './detect.ts'
import { sensitiveErrors } from './errors.ts'
import { maskStream } from './mask-stream.ts'
import { replaceFindings } from './replace-findings.ts'
import { sensitiveKinds, type Finding, type SensitiveKind } from './sensitive-kind.ts'
import { maskValue, scanValue, type ValueFinding } from './value.ts'
import { withoutOverlaps } from './without-overlaps.ts'

/** Options of {@link createScanner}. */
export interface ScannerOptions {
  /** What to look for. @default all kinds */
  readonly kinds?: readonly SensitiveKind[] | undefined
  /** Texts that are let through, such as a published address or a test card; or a function that says so. @default none */
  readonly allow?: readonly string[] | ((found: string, kind: SensitiveKind) => boolean) | undefined
}

/** Finds and masks sensitive data. It keeps no state: one serves a whole program. */
export interface Scanner {
  /** What is in a text, in its order and without overlaps. The findings do not repeat what they found. */
  scan(text: string): Finding[]
  /** The text with each finding replaced by its kind: `[email]`, `[card …1111]`. The same finding, the same mask. */
  mask(text: string): string
  /** What is in a value of any depth, keys included, with the path to it. */
  scanValue(value: unknown): ValueFinding[]
  /**
   * A copy of a value with everything masked: texts, keys, numbers that are cards, and whatever a field named like a secret
   * holds. Cycles stay cycles; dates, bytes and functions stay as they are; other objects become plain ones.
   */
  maskValue(value: unknown): unknown
  /**
   * Masks text that comes in pieces, also where a finding lies across pieces. The result does not depend on the pieces. Text
   * is held back until 64 Ki characters have come or the source ends: mask single log lines with `mask`.
   */
  maskStream(pieces: AsyncIterable<string> | Iterable<string>): AsyncIterable<string>
}

/**
 * Makes a scanner for card numbers, bank accounts, keys, tokens, passwords and personal data. Its time grows with the length
 * of the text alone, whatever the text.
 *
 * @throws `CORE_SENSITIVE_KIND_UNKNOWN`
 * @example
 * ```ts
 * import { createScanner } from '@exprsn/core/sensitive'
 *
 * const scanner = createScanner({ allow: ['help@example.com'] })
 * console.log(scanner.mask('4111 1111 1111 1111 paid by ann@example.com')) // [card …1111] paid by [email]
 * console.log(scanner.maskValue({ user: { password: 'hunter2', note: 'ask help@example.com' } }))
 * ```
 */
export function createScanner({ kinds = sensitiveKinds, allow = [] }: ScannerOptions = {}): Scanner {
  for (const kind of kinds)
    if (!sensitiveKinds.includes(kind))
      throw sensitiveErrors.CORE_SENSITIVE_KIND_UNKNOWN({ kind, known: sensitiveKinds })
  const wanted = new Set(kinds)
  const isAllowed = allowing(allow)

  const scanBefore = (text: string, border: number): Finding[] => {
    const found = detect(text, wanted)
    const refused = found.filter(({ kind, start, end }) => start < border && !isAllowed(text.slice(start, end), kind))
    return withoutOverlaps(refused)
  }
  const scan = (text: string): Finding[] => scanBefore(text, text.length)
  const mask = (text: string): string => replaceFindings(text, scan(text), 0, text.length)
  const secretFields = wanted.has('secret')

  return {
    scan,
    mask,
    scanValue: (value) => scanValue(value, { scan, secretFields }),
    maskValue: (value) => maskValue(value, { mask, secretFields }),
    maskStream: (pieces) => maskStream(pieces, scanBefore),
  }
}

function allowing(allow: NonNullable<ScannerOptions['allow']>): (found: string, kind: SensitiveKind) => boolean {
  if (typeof allow === 'function') return allow
  const texts = new Set(allow)
  return (found) => texts.has(found)
}
