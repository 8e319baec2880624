import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'

/** A service that is not well: some answers are errors, some come late, and for a while none come at all. */
export interface Upstream {
  readonly url: string
  readonly requests: () => number
  readonly failed: () => number
  close(): Promise<void>
}

/** Starts it. A fifth of the requests fail, a twentieth answer far too late; each run is the same for a seed. */
export async function startUpstream(seed: number): Promise<Upstream> {
  const random = new SeededRandom(seed)
  let requests = 0
  let failed = 0
  const server = createServer((_request, response) => {
    requests++
    const chance = randomFraction(random)
    if (chance < 0.25) failed++
    if (chance < 0.2) response.writeHead(503, { 'retry-after': '0' }).end()
    else setTimeout(() => response.end('ok'), chance < 0.25 ? 2_000 : 1).unref()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    requests: () => requests,
    failed: () => failed,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
