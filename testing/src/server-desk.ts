import { rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { PostgresServer, PostgresServerConnection } from '@exprsn/backup/server'

/** Where the processes of one test run ask for the servers that they share. */
export interface ServerDesk {
  close(): Promise<void>
}

/**
 * Opens the desk on a Unix socket. A server is started when the first test asks for its major version (0: any), so a
 * run without such a test starts none, and all processes of the run get the same one.
 */
export async function openServerDesk(socketPath: string): Promise<ServerDesk> {
  const servers = new Map<number, Promise<PostgresServer>>()
  const serverFor = (major: number): Promise<PostgresServer> => {
    const server = servers.get(major) ?? startSharedServer(major)
    servers.set(major, server)
    return server
  }
  const desk = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {})
    void answer(serverFor, socket).then((reply) => socket.end(JSON.stringify(reply)))
  })
  await new Promise<void>((resolve, reject) => desk.once('error', reject).listen(socketPath, resolve))
  return {
    async close() {
      desk.close()
      await Promise.allSettled([...servers.values()].map(async (server) => (await server).stop()))
      await rm(socketPath, { force: true })
    },
  }
}

/**
 * Nothing that is written here needs to survive a power loss. The launcher is loaded when it is needed: the desk is
 * opened in every run, also in those without a server.
 */
async function startSharedServer(major: number): Promise<PostgresServer> {
  const { startOwnPostgres } = await import('./own-postgres.ts')
  const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' }
  return startOwnPostgres({ ...(major === 0 ? {} : { major }), settings })
}

type Answer = { readonly connection: PostgresServerConnection } | { readonly failure: string }

async function answer(serverFor: (major: number) => Promise<PostgresServer>, question: Readable): Promise<Answer> {
  try {
    return { connection: (await serverFor(Number(await text(question)))).connection }
  } catch (error) {
    return { failure: String(error) }
  }
}

/** Asks the desk for the shared server of a major version; 0 means any. */
export async function askServerDesk(socketPath: string, major: number): Promise<PostgresServerConnection> {
  const socket = connect({ path: socketPath, allowHalfOpen: true })
  socket.end(String(major))
  const reply = JSON.parse(await text(socket)) as Answer
  if ('failure' in reply) throw new Error(reply.failure)
  return reply.connection
}
