import type { ProxyFault, ProxyFaultKind } from './proxy-fault.ts'

/** What to do with a chunk, in order. */
export type FaultStep =
  | { readonly kind: 'wait'; readonly milliseconds: number; readonly fault: ProxyFaultKind }
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  | { readonly kind: 'corrupted' }
  | { readonly kind: 'end'; readonly how: 'cut' | 'reset' | 'black-hole' | 'half-open' }

/** A throttled chunk is sent in pieces of at most this part of a second, so that the rate is even. */
const pieceSeconds = 0.05

/**
 * Decides what becomes of the bytes from `position` on, in one direction of a connection. Pure: the same faults and
 * bytes give the same steps however the bytes were split into chunks, apart from the waits.
 */
export function faultSteps(faults: readonly ProxyFault[], position: number, chunk: Uint8Array): FaultStep[] {
  const ending = firstEnding(faults)
  const room = ending === undefined ? Infinity : ending.afterBytes - position
  const { bytes, corrupted } = corrupt(faults, position, chunk.subarray(0, Math.min(chunk.length, Math.max(0, room))))
  const steps: FaultStep[] = Array.from({ length: corrupted }, () => ({ kind: 'corrupted' }))
  for (const fault of faults) {
    if (fault.kind === 'delay' && bytes.length > 0)
      steps.push({ kind: 'wait', milliseconds: fault.milliseconds, fault: 'delay' })
  }
  steps.push(...throttled(faults, bytes))
  if (ending !== undefined && chunk.length > room) steps.push({ kind: 'end', how: ending.kind })
  return steps
}

type Ending = Extract<ProxyFault, { kind: 'cut' | 'reset' | 'black-hole' | 'half-open' }>

function firstEnding(faults: readonly ProxyFault[]): Ending | undefined {
  let first: Ending | undefined
  for (const fault of faults) {
    if (fault.kind === 'delay' || fault.kind === 'throttle' || fault.kind === 'corrupt') continue
    if (first === undefined || fault.afterBytes < first.afterBytes) first = fault as Ending
  }
  return first
}

function corrupt(
  faults: readonly ProxyFault[],
  position: number,
  chunk: Uint8Array,
): { readonly bytes: Uint8Array; readonly corrupted: number } {
  const places = faults.flatMap((fault) => (fault.kind === 'corrupt' ? [fault.afterBytes - position] : []))
  const hits = places.filter((at) => at >= 0 && at < chunk.length)
  if (hits.length === 0) return { bytes: chunk, corrupted: 0 }
  const bytes = chunk.slice()
  for (const at of hits) bytes[at]! ^= 1
  return { bytes, corrupted: hits.length }
}

function throttled(faults: readonly ProxyFault[], bytes: Uint8Array): FaultStep[] {
  if (bytes.length === 0) return []
  const rates = faults.flatMap((fault) => (fault.kind === 'throttle' ? [fault.bytesPerSecond] : []))
  if (rates.length === 0) return [{ kind: 'send', bytes }]
  const rate = Math.min(...rates)
  const size = Math.max(1, Math.floor(rate * pieceSeconds))
  const steps: FaultStep[] = []
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size)
    steps.push({ kind: 'wait', milliseconds: (piece.length / rate) * 1_000, fault: 'throttle' })
    steps.push({ kind: 'send', bytes: piece })
  }
  return steps
}
