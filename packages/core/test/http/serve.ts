import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { vi } from 'vitest'
import { toNodeHandler, type FetchHandler, type NodeHandlerOptions } from '@exprsn/core/http'

const servers: Server[] = []
/** Ends what {@link serve} and {@link listen} started: for `afterEach`. */
export async function closeServers(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** The origin of a server that answers with a handler. */
export function serve(handler: FetchHandler, options?: NodeHandlerOptions): Promise<string> {
  return listen(toNodeHandler(handler, options))
}

/** The origin of a server with a listener of its own. */
export async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Sends bytes as they are, and gives what comes back until the connection is closed or `until` stands in it. */
export async function exchange(origin: string, text: string, until?: string): Promise<string> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  let answer = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    answer += chunk
    if (until !== undefined && answer.includes(until)) socket.destroy()
  })
  socket.on('error', () => {})
  socket.write(text)
  await closed(socket)
  return answer
}

/** Waits for the end of a connection, also where an error brings it. */
export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once('close', () => resolve()))
}

/** Waits until a check holds. */
export const settled = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000 })
