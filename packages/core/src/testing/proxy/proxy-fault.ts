import { testingErrors } from '../errors.ts'

/** The way of bytes that a fault acts on. */
export type ProxyDirection = 'to-target' | 'to-client'

/**
 * What happens to one connection. Byte counts are those of the fault's own direction, from the start of the connection;
 * a fault at byte 0 comes with the first byte, which is not passed on any more.
 */
export type ProxyFault = (
  | { /** Every chunk waits before it goes on, in order. */ readonly kind: 'delay'; readonly milliseconds: number }
  | { /** No faster than this. */ readonly kind: 'throttle'; readonly bytesPerSecond: number }
  | {
      /** Both sides are closed in order (FIN) after this many bytes. */ readonly kind: 'cut'
      readonly afterBytes: number
    }
  | { /** Both sides are reset (RST; unix sockets: closed). */ readonly kind: 'reset'; readonly afterBytes: number }
  | { /** What follows vanishes; everything stays open. */ readonly kind: 'black-hole'; readonly afterBytes: number }
  | {
      /** The receiver's partner is gone and nobody tells: the sender is reset, the receiver stays connected to nothing. */
      readonly kind: 'half-open'
      readonly afterBytes: number
    }
  | {
      /** The lowest bit of the byte with this index is flipped. */ readonly kind: 'corrupt'
      readonly afterBytes: number
    }
) & {
  /** @default 'to-client' */
  readonly direction?: ProxyDirection | undefined
}

/** A kind of {@link ProxyFault}. */
export type ProxyFaultKind = ProxyFault['kind']

/** All kinds of {@link ProxyFault}. */
export const proxyFaultKinds: readonly ProxyFaultKind[] = [
  'delay',
  'throttle',
  'cut',
  'reset',
  'black-hole',
  'half-open',
  'corrupt',
]

/** @throws `CORE_TESTING_PROXY_FAULT` for a kind that there is not, or a number that makes no sense. */
export function checkProxyFault(fault: ProxyFault): void {
  const { kind } = fault
  if (!proxyFaultKinds.includes(kind))
    throw testingErrors.CORE_TESTING_PROXY_FAULT({ kind, reason: 'there is no such kind' })
  const [field, value, lowest] = numberOf(fault)
  if (!Number.isInteger(value) || value < lowest)
    throw testingErrors.CORE_TESTING_PROXY_FAULT({ kind, reason: `${field} is ${value}` })
}

function numberOf(fault: ProxyFault): [string, number, number] {
  if (fault.kind === 'delay') return ['milliseconds', fault.milliseconds, 0]
  if (fault.kind === 'throttle') return ['bytesPerSecond', fault.bytesPerSecond, 1]
  return ['afterBytes', fault.afterBytes, 0]
}
