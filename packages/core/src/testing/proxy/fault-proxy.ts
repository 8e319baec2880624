import { createConnection, createServer, type ListenOptions, type Server, type Socket } from 'node:net'
import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import { testingErrors } from '../errors.ts'
import { SeededRandom } from '../random/seeded-random.ts'
import { checkProxyFault, type ProxyFault } from './proxy-fault.ts'
import { resetSocket, runProxyLink } from './proxy-link.ts'
import type { ProxyConnectionContext } from './random-proxy-faults.ts'

/** Where something listens: a TCP port or a unix socket. */
export type ProxyAddress = { readonly host: string; readonly port: number } | { readonly path: string }

/** A plan for every connection, or one made for each. */
export type ProxyFaultPlan = readonly ProxyFault[] | ((connection: ProxyConnectionContext) => readonly ProxyFault[])

/** Options of {@link createFaultProxy}. */
export interface FaultProxyOptions {
  /** The real server. */
  readonly target: ProxyAddress
  /** What happens to connections. `setFaults` changes it for those that come later. @default [] */
  readonly faults?: ProxyFaultPlan | undefined
  /** Where clients connect. @default a free TCP port of 127.0.0.1 */
  readonly listen?: ProxyAddress | undefined
  /** The seed of the connections' plans: connection n draws from `random.fork(n)`. @default new SeededRandom(1) */
  readonly random?: SeededRandom | undefined
  /** What delays wait on. @default systemClock */
  readonly clock?: Clock | undefined
}

/** A proxy that hurts connections on purpose. */
export interface FaultProxy extends AsyncDisposable {
  /** Begins to accept connections and gives the address for clients. Calling it again gives the same. */
  start(): Promise<ProxyAddress>
  /** Where clients connect. @throws `CORE_TESTING_PROXY_STOPPED` unless it runs */
  readonly address: ProxyAddress
  /** Connections accepted so far. */
  readonly connections: number
  /** Connections that are open now. */
  readonly open: number
  /** How often faults took effect, as `runSimulation` counts them: `{ 'cut/to-client': 2 }`. */
  readonly hits: Readonly<Record<string, number>>
  /** The plan of connections from now on. @throws `CORE_TESTING_PROXY_FAULT` */
  setFaults(faults: ProxyFaultPlan): void
  /** Resets every open connection at once, as a switch that loses power. */
  resetAll(): void
  /** Stops listening and resets what is open. */
  close(): Promise<void>
}

/**
 * A TCP proxy in front of a real server that delays, throttles, cuts, resets, swallows or corrupts what passes through.
 * Each connection has its own plan, which follows from the seed and the connection's number.
 *
 * @throws `CORE_TESTING_PROXY_FAULT` for a fault that makes no sense
 * @example
 * ```ts no-run
 * import { createFaultProxy } from '@exprsn/core/testing'
 *
 * await using proxy = createFaultProxy({
 *   target: { host: '127.0.0.1', port: 5432 },
 *   faults: [{ kind: 'reset', afterBytes: 10_000 }],
 * })
 * console.log(await proxy.start()) // connect your client here
 * ```
 */
export function createFaultProxy(options: FaultProxyOptions): FaultProxy {
  const { target, listen = { host: '127.0.0.1', port: 0 }, clock = systemClock } = options
  const random = options.random ?? new SeededRandom(1)
  const links = new Set<readonly Socket[]>()
  const hits: Record<string, number> = {}
  let plan = checkedPlan(options.faults ?? [])
  let connections = 0
  let address: ProxyAddress | undefined
  let starting: Promise<ProxyAddress> | undefined
  let server: Server | undefined

  const accept = (client: Socket): void => {
    const index = connections++
    const faults = planOf(plan, { index, random: random.fork(index) })
    const partner = createConnection({ ...target, allowHalfOpen: true })
    client.setNoDelay()
    partner.setNoDelay()
    const link = [client, partner]
    links.add(link)
    const onFault = (kind: string, direction: string): void => {
      const name = `${kind}/${direction}`
      hits[name] = (hits[name] ?? 0) + 1
    }
    void runProxyLink({ client, target: partner, faults, clock, onFault }).then(() => links.delete(link))
  }
  const resetAll = (): void => {
    for (const link of links) link.forEach(resetSocket)
  }
  const close = async (): Promise<void> => {
    const closing = server
    server = undefined
    address = undefined
    starting = undefined
    if (closing === undefined) return
    const closed = new Promise<void>((resolve) => {
      closing.close(() => resolve())
    })
    resetAll()
    await closed
  }
  return {
    start: () =>
      (starting ??= (async () => {
        server = createServer({ allowHalfOpen: true }, accept)
        address = await listenOn(server, listen)
        return address
      })()),
    get address() {
      if (address === undefined) throw testingErrors.CORE_TESTING_PROXY_STOPPED()
      return address
    },
    get connections() {
      return connections
    },
    get open() {
      return links.size
    },
    get hits() {
      return { ...hits }
    },
    setFaults(faults) {
      plan = checkedPlan(faults)
    },
    resetAll,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function checkedPlan(faults: ProxyFaultPlan): ProxyFaultPlan {
  if (typeof faults !== 'function') faults.forEach(checkProxyFault)
  return faults
}

function planOf(plan: ProxyFaultPlan, context: ProxyConnectionContext): readonly ProxyFault[] {
  if (typeof plan !== 'function') return plan
  const faults = plan(context)
  faults.forEach(checkProxyFault)
  return faults
}

function listenOn(server: Server, address: ListenOptions & ProxyAddress): Promise<ProxyAddress> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...address }, () => {
      const bound = server.address()
      resolve(
        typeof bound === 'object' && bound !== null
          ? { host: bound.address, port: bound.port }
          : { path: (address as { readonly path: string }).path },
      )
    })
  })
}
