import type { Clock } from '@exprsn/core'
import type { HandleLookup, LookupOutcome } from './handle-lookup.ts'

/** What both ways of resolving a handle found, and what follows. */
export interface HandleResolution {
  readonly handle: string
  /** Undefined when the handle leads to no account, or not to one alone. */
  readonly did: string | undefined
  /** Why there is none. */
  readonly reason: HandleProblem | undefined
  readonly dns: LookupOutcome
  readonly https: LookupOutcome
  /** Milliseconds for which this may be kept; 0 when something failed. */
  readonly ttl: number
}

/** Why a handle leads to no account. */
export type HandleProblem =
  /** Neither way leads to an account. */
  | 'not-found'
  /** One way leads to several accounts, or the two to different ones. */
  | 'conflict'
  /** What was found is no DID. */
  | 'invalid-did'
  /** Something could not be asked, so that nobody knows. */
  | 'lookup-failed'
  /** The top-level domain is one that nobody can have. */
  | 'reserved'

/** Options of {@link resolveHandle}. */
export interface ResolveHandleOptions {
  readonly dns: HandleLookup
  readonly https: HandleLookup
  /** What to do when the two ways lead to different accounts. */
  readonly onConflict: 'refuse' | 'prefer-dns'
  /** Milliseconds that HTTPS gets after DNS has found an account. */
  readonly grace: number
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks both ways at once. A host that hangs does not hold up a handle that DNS resolves for longer than `grace`: its answer
 * could only have been a contradiction.
 */
export async function resolveHandle(handle: string, options: ResolveHandleOptions): Promise<HandleResolution> {
  const { clock, signal } = options
  const enough = new AbortController()
  const inTime = signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal])
  const asked = options.https(handle, { signal: inTime }).catch((error: unknown): LookupOutcome => {
    if (enough.signal.aborted) return { outcome: 'skipped' }
    throw error
  })
  // Awaited below; until then a rejection is nobody's.
  asked.catch(() => {})
  const dns = await options.dns(handle, { signal })
  const needless = dns.outcome === 'found' && options.onConflict === 'prefer-dns'
  const settled = dns.outcome === 'ambiguous' || needless
  if (settled) enough.abort()
  const timer =
    dns.outcome === 'found' ? clock.setTimer(() => enough.abort(), options.grace, { background: true }) : undefined
  const https = await asked.finally(() => timer?.cancel())
  signal?.throwIfAborted()
  return { handle, dns, https, ...conclude(dns, https, options.onConflict) }
}

function conclude(
  dns: LookupOutcome,
  https: LookupOutcome,
  onConflict: ResolveHandleOptions['onConflict'],
): Pick<HandleResolution, 'did' | 'reason' | 'ttl'> {
  const ttl = Math.min(ttlOf(dns), ttlOf(https))
  if (dns.outcome === 'ambiguous') return { did: undefined, reason: 'conflict', ttl }
  if (dns.outcome === 'found') {
    const contradicted = onConflict === 'refuse' && https.outcome === 'found' && https.did !== dns.did
    if (contradicted) return { did: undefined, reason: 'conflict', ttl: Math.min(ttl, 60_000) }
    // A host that is down says nothing about what the owner of the name has published.
    return { did: dns.did, reason: undefined, ttl: https.outcome === 'found' ? ttl : dns.ttl }
  }
  if (dns.outcome === 'invalid') return { did: undefined, reason: 'invalid-did', ttl }
  if (https.outcome === 'found') return { did: https.did, reason: undefined, ttl }
  if (dns.outcome === 'failed' || https.outcome === 'failed') return { did: undefined, reason: 'lookup-failed', ttl: 0 }
  return { did: undefined, reason: https.outcome === 'invalid' ? 'invalid-did' : 'not-found', ttl }
}

function ttlOf(outcome: LookupOutcome): number {
  if (outcome.outcome === 'failed') return 0
  return outcome.outcome === 'skipped' ? Infinity : outcome.ttl
}
