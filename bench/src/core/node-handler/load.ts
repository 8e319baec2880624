import { fork, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../../../../scripts/lib/packages.ts'
import type { Peer, PreparedBenchmark, Sample } from '../../../../scripts/bench/benchmark.ts'

/** As far as it is used: the package brings no types. */
interface CannonResult {
  readonly requests: { readonly total: number }
  readonly latency: { readonly p90: number; readonly p97_5: number }
  readonly duration: number
  readonly errors: number
  readonly timeouts: number
  readonly non2xx: number
}

const require = createRequire(import.meta.url)
const autocannon = require('autocannon') as (options: object) => Promise<CannonResult>

const serverFile = fileURLToPath(new URL('server.ts', import.meta.url))

/** What a round of requests gave. */
export interface LoadResult {
  readonly requestsPerSecond: number
  /** Microseconds of the server's CPU time per request. */
  readonly cpuPerRequest: number
  /** Milliseconds. */
  readonly p95: number
  readonly failures: number
}

/** How a round is driven. */
export interface LoadOptions {
  readonly connections: number
  readonly seconds: number
}

/** @hono/node-server, as a peer. */
export const honoNodeServer: Peer = {
  name: '@hono/node-server',
  available: async () => undefined,
  async version() {
    // Its manifest is not among its exports.
    const manifest = join(root, 'bench/node_modules/@hono/node-server/package.json')
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
  },
}

/** Node's server without any adapter, as a peer. */
export const nodeHttp: Peer = {
  name: 'node:http',
  available: async () => undefined,
  version: async () => process.versions.node,
}

/** Servers in processes of their own, loaded from this one in turns. */
export async function prepareLoad(
  subjects: readonly string[],
  options: LoadOptions,
  valueOf: (result: LoadResult) => number,
): Promise<PreparedBenchmark> {
  const servers = new Map<string, Server>()
  for (const subject of subjects) servers.set(subject, await startServer(subject))
  for (const server of servers.values()) await load(server, { ...options, seconds: 2 })
  return {
    async run(subject): Promise<Sample> {
      const server = servers.get(subject)!
      const result = await load(server, options)
      if (result.failures > 0) throw new Error(`${subject}: ${result.failures} requests failed`)
      return { value: valueOf(result), hash: await answerHash(server.url) }
    },
    async close() {
      for (const { child } of servers.values()) child.disconnect()
    },
  }
}

interface Server {
  readonly child: ChildProcess
  readonly url: string
}

async function startServer(subject: string): Promise<Server> {
  const execArgv = ['--conditions=@exprsn/source', '--no-warnings']
  const child = fork(serverFile, [subject], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { child, url: `http://127.0.0.1:${port}/jobs/42` }
}

async function load({ child, url }: Server, { connections, seconds }: LoadOptions): Promise<LoadResult> {
  const before = await cpuTime(child)
  const result = await autocannon({ url, connections, duration: seconds, timeout: 30 })
  const requests = result.requests.total
  return {
    requestsPerSecond: requests / result.duration,
    cpuPerRequest: ((await cpuTime(child)) - before) / requests,
    // It reports no 95th percentile; the next one above it is the stricter.
    p95: result.latency.p97_5,
    failures: result.errors + result.timeouts + result.non2xx,
  }
}

async function cpuTime(child: ChildProcess): Promise<number> {
  child.send('cpu')
  const [{ cpu }] = (await once(child, 'message')) as [{ cpu: NodeJS.CpuUsage }]
  return cpu.user + cpu.system
}

async function answerHash(url: string): Promise<string> {
  const response = await fetch(url)
  const text = `${response.status} ${response.headers.get('content-type')} ${await response.text()}`
  return createHash('sha256').update(text).digest('hex')
}
