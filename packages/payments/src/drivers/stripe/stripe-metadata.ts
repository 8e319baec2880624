import { createHash } from 'node:crypto'
import type { CaptureSnapshot } from '../../gateway/snapshot.ts'
import { fromStripeAmount } from './stripe-amount.ts'

/** What the driver leaves with Stripe's objects, so that a command is found again by its key. */
export function commandMetadata(key: string, order?: string): Record<string, string> {
  return { exprsn_key: key, ...(order === undefined ? {} : { exprsn_order: order }) }
}

/** Stripe does not name captures of a payment; each of ours leaves a line with the payment. Names have at most 40 characters. */
export function captureMetadata(key: string, units: number): Record<string, string> {
  return { [captureName(key)]: `${units} ${key}` }
}

/** Whether a capture with this key was done. */
export function hasCapture(metadata: Readonly<Record<string, string>>, key: string): boolean {
  return metadata[captureName(key)] !== undefined
}

/** The captures that left a line, in no particular order; amounts are those that were asked for. */
export function capturesIn(
  metadata: Readonly<Record<string, string>>,
  { payment, charge, currency }: { readonly payment: string; readonly charge: string; readonly currency: string },
): CaptureSnapshot[] {
  return Object.entries(metadata).flatMap(([name, line]) => {
    const [, units, key] = /^(\d+) (.+)$/.exec(name.startsWith(prefix) ? line : '') ?? []
    if (units === undefined || key === undefined) return []
    const reference = `${charge}:${name.slice(prefix.length)}`
    return [
      {
        kind: 'capture',
        reference,
        payment,
        key,
        state: 'succeeded',
        amount: fromStripeAmount(Number(units), currency),
      },
    ]
  })
}

const prefix = 'exprsn_capture_'

/** The capture's own reference: the charge and the digest of its key. */
export function captureReference(charge: string, key: string): string {
  return `${charge}:${captureName(key).slice(prefix.length)}`
}

function captureName(key: string): string {
  return `${prefix}${createHash('sha256').update(key).digest('hex').slice(0, 24)}`
}
