import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { clientErrors } from '../errors.ts'
import { parseIpAddress } from './ip-address.ts'
import type { TargetGuard } from './target-guard.ts'

/** Gives the addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

/**
 * A lookup for `net.connect` that gives only addresses which the guard lets pass. The socket connects to what this very
 * call gave, so that a name cannot lead elsewhere between the check and its use. One refused address refuses the name: a
 * name that leads into two worlds at once is a trap.
 */
export function guardedLookup(guard: TargetGuard, resolve: Resolve = systemResolve): LookupFunction {
  return (hostname, options, callback) => {
    checked(hostname, guard, resolve).then(
      (addresses) => {
        const [first] = addresses
        if (options.all === true) callback(null, addresses)
        else callback(null, first!.address, first!.family)
      },
      (error: unknown) => callback(error as Error, []),
    )
  }
}

async function checked(hostname: string, guard: TargetGuard, resolve: Resolve): Promise<LookupAddress[]> {
  const found = await resolve(hostname)
  for (const address of found) guard.checkAddress(address, hostname)
  if (found.length === 0)
    throw clientErrors.CORE_CLIENT_CONNECT_FAILED({ origin: hostname, reason: 'the name has no address' })
  return found.map((address) => ({ address, family: parseIpAddress(address)!.version }))
}

/** The operating system's resolver, `/etc/hosts` included. */
async function systemResolve(hostname: string): Promise<string[]> {
  const { lookup } = await import('node:dns/promises')
  const found = await lookup(hostname, { all: true, order: 'verbatim' })
  return found.map(({ address }) => address)
}
