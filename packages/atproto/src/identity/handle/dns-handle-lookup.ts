import { isDid } from '../../syntax/index.ts'
import type { TxtResolver } from '../dns/txt-resolver.ts'
import type { HandleLookup, LookupOutcome } from './handle-lookup.ts'

/** How long an answer is kept at most, in milliseconds, whatever the name server says. */
const longest = { found: 60 * 60_000, negative: 60_000 }
const most = 20

/** The TXT record of `_atproto.<handle>`: exactly one may begin with `did=`. Kept for as long as the name server allows. */
export function dnsHandleLookup(resolveTxt: TxtResolver): HandleLookup {
  return async (handle, { signal }) => {
    try {
      return read(await resolveTxt(`_atproto.${handle}`, { signal }))
    } catch (error) {
      signal?.throwIfAborted()
      return { outcome: 'failed', error: error as Error }
    }
  }
}

function read({ records, ttl }: { readonly records: readonly string[]; readonly ttl: number }): LookupOutcome {
  const negative = Math.min(ttl * 1000, longest.negative)
  const named = records.filter((record) => record.startsWith('did='))
  const dids = [...new Set(named.map((record) => record.slice('did='.length).trim()))]
  const [did] = dids
  if (did === undefined) return { outcome: 'absent', ttl: negative }
  if (dids.length > 1) return { outcome: 'ambiguous', dids: dids.slice(0, most), ttl: negative }
  if (!isDid(did)) return { outcome: 'invalid', value: did.slice(0, 200), ttl: negative }
  return { outcome: 'found', did, ttl: Math.min(ttl * 1000, longest.found) }
}
