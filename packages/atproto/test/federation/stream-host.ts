import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomBelow } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { toNodeHandler } from '@exprsn/core/http'
import { SeededRandom } from '@exprsn/core/testing'
import type { DataObject } from '@exprsn/atproto/codec'
import { createSigningKey, type SigningKey } from '@exprsn/atproto/crypto'
import { createServedRepos, type HostRepo, type ServedRepos, type ServedReposOptions } from '@exprsn/atproto/federation'
import { createRepoHandler, createRepoStream, type RepoStream, type RepoStreamOptions } from '@exprsn/atproto/http'

/** Records of a host that change, as the host has them. */
export class HostRecords {
  readonly key: SigningKey
  readonly repos = new Map<
    string,
    { records: Record<string, DataObject>; status: HostRepo['status']; handle?: string }
  >()
  readonly #random: SeededRandom
  #number = 0

  constructor(seed: string) {
    this.#random = new SeededRandom(seed)
    this.key = createSigningKey('k256', { random: this.#random })
  }

  add(did: string, count: number): void {
    this.repos.set(did, { records: {}, status: 'active' })
    for (let index = 0; index < count; index++) this.create(did)
  }

  create(did: string): void {
    const number = this.#number++
    this.repos.get(did)!.records[`com.example.note/k${number.toString(36)}`] = this.#value(number)
  }

  /** Some creates, edits and deletes. */
  change(did: string, count: number): void {
    const { records } = this.repos.get(did)!
    for (let index = 0; index < count; index++) {
      const paths = Object.keys(records)
      const path = paths[randomBelow(this.#random, Math.max(1, paths.length))]
      const kind = randomBelow(this.#random, 3)
      if (kind === 0 || path === undefined) this.create(did)
      else if (kind === 1) records[path] = this.#value(this.#number++)
      else delete records[path]
    }
  }

  #value(number: number): DataObject {
    return { $type: 'com.example.note', text: `note ${number}` }
  }

  served(database: Database, options: Partial<ServedReposOptions> = {}): ServedRepos {
    return createServedRepos({
      database,
      list: () => [...this.repos.keys()],
      read: (did) => {
        const repo = this.repos.get(did)
        return repo === undefined
          ? undefined
          : { key: this.key, records: { ...repo.records }, status: repo.status, handle: repo.handle }
      },
      ...options,
    })
  }
}

/** A database with the tables of served repositories. */
export async function servedDatabase(records: HostRecords): Promise<Database> {
  const database = sqliteDatabase({ path: ':memory:' })
  await migrate(database, records.served(database).migrations)
  return database
}

/** A server of repositories and their stream, which can be stopped and started on its port. */
export interface StreamHost extends AsyncDisposable {
  readonly url: string
  readonly stream: RepoStream
  start(): Promise<void>
  stop(): Promise<void>
}

/** Starts one; `reposOf` makes the repositories anew with every start, as a new process does. */
export async function streamHost(
  reposOf: () => ServedRepos,
  options: Partial<RepoStreamOptions> = {},
): Promise<StreamHost> {
  let server = createServer()
  let stream: RepoStream | undefined
  let port = 0
  const start = async (): Promise<void> => {
    const repos = reposOf()
    const own = createRepoStream({ repos, ...options })
    stream = own
    server = createServer(toNodeHandler(createRepoHandler({ repos })))
    server.on('upgrade', (request, socket, head) => {
      if (!own.upgrade(request, socket, head)) socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await stream!.close()
    await ended
  }
  await start()
  return {
    get url() {
      return `http://127.0.0.1:${port}`
    },
    get stream() {
      return stream!
    },
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
