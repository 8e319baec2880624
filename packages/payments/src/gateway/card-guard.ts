import { createScanner } from '@exprsn/core/sensitive'
import { gatewayErrors } from './errors.ts'

/** Refuses values that carry a card number. */
export interface CardGuard {
  /**
   * Looks at every text of a value, names included; amounts are bigint and not looked at.
   *
   * @throws `PAYMENTS_CARD_NUMBER_REFUSED`, with the place and the last four digits
   */
  check(value: unknown): void
}

/**
 * Keeps card numbers out: a command, an event or a record that carries one is refused before it is sent, stored or logged.
 * It knows the published networks, lengths and check digits. An order number of 13 to 19 digits may happen to have all three
 * (about 2 in 100 of those with 16 digits); give such numbers a prefix.
 *
 * @example
 * ```ts
 * import { createCardGuard } from '@exprsn/payments/gateway'
 *
 * const guard = createCardGuard()
 * guard.check({ order: 'A-1001', amount: 4990n })
 * try {
 *   guard.check({ note: 'please use 4111 1111 1111 1111' })
 * } catch (error) {
 *   console.log((error as Error).message) // A card number was passed in note: [card …1111].
 * }
 * ```
 */
export function createCardGuard(): CardGuard {
  const scanner = createScanner({ kinds: ['card'] })
  return {
    check(value) {
      const plain = withoutBigints(value, 0)
      const finding = scanner.scanValue(plain)[0]
      if (finding === undefined) return
      const path = finding.inKey ? 'a name' : finding.path.join('.') || 'the value'
      throw gatewayErrors.PAYMENTS_CARD_NUMBER_REFUSED({ path, masked: maskAt(plain, finding.path, scanner.mask) })
    },
  }
}

/** Amounts are not texts; signals and dates carry none. */
function withoutBigints(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint' || typeof value === 'function' || value instanceof AbortSignal) return undefined
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) return value
  if (depth > 20) return value
  if (Array.isArray(value)) return value.map((each) => withoutBigints(each, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutBigints(each, depth + 1)]))
}

/** Only the masks of the text: what stands around the number stays out of the error. */
function maskAt(value: unknown, path: readonly string[], mask: (text: string) => string): string {
  let here = value
  for (const name of path) here = (here as Readonly<Record<string, unknown>> | undefined)?.[name]
  return /\[card[^\]]*\]/.exec(mask(String(here)))?.[0] ?? '[card]'
}
