import { systemClock, systemRandom, type Clock, type Random } from '@exprsn/core'
import { tableNames, type Database, type MigrationNaming, type MigrationSet } from '@exprsn/core/database'
import { windowName, type BudgetWindow } from './budget-window.ts'
import { publishErrors } from './errors.ts'
import { publishMigrations } from './migrations.ts'
import { sendOrGiveBack } from './never-sent.ts'
import type { PublishAccount, XrpcAnswer, XrpcRequest } from './publish-account.ts'
import { publishStatements } from './statements.ts'
import { WriteBudget, type ReservedPoints } from './write-budget.ts'

/** The requests that the official hosts allow an address. What is kept back is for logins, and for what else comes from it. */
export const officialRequests: readonly BudgetWindow[] = [{ limit: 3_000, seconds: 300, reserve: 150 }]

/** Options of {@link createRequestBudget}. */
export interface RequestBudgetOptions extends MigrationNaming {
  /** Where requests are counted: the same for all processes behind the address. */
  readonly database: Database
  /** The host that is asked, such as `https://bsky.social`. */
  readonly service: string
  /** Which of your addresses this process has towards the world, by a name of yours. @default they share one */
  readonly address?: string | undefined
  /** The host's limits. @default officialRequests */
  readonly windows?: readonly BudgetWindow[] | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** Counts the requests of an address. Made by {@link createRequestBudget}. */
export interface RequestBudget {
  /** The tables it needs, for `migrate`: those of the publisher. */
  readonly migrations: readonly MigrationSet[]
  /**
   * The same account, whose calls are counted. Where no request is left they throw `ATPROTO_PUBLISH_REQUESTS_USED_UP`, with the
   * moment `until`, without asking the host; items of a publisher wait until then.
   */
  counted(account: PublishAccount): PublishAccount
  /** Gives back what was set aside for requests that were not sent. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Counts requests to a host in the database, for all accounts and processes behind one address: hosts allow it 3,000 in five
 * minutes, whatever they are. Requests are set aside by fifties, so that most cost no statement.
 *
 * @example
 * ```ts
 * import { createClient } from '@exprsn/core/client'
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createRequestBudget, passwordAccount, readBudgets } from '@exprsn/atproto/publish'
 * import { createFakePds } from '@exprsn/atproto/testing'
 *
 * await using pds = createFakePds()
 * await pds.start()
 * const { did } = pds.host.createAccount({ handle: 'alice.test', password: 'app-password' })
 * await using client = createClient({ allow: { loopbackAddresses: true } })
 * await using database = sqliteDatabase({ path: ':memory:' })
 *
 * await using requests = createRequestBudget({ database, service: pds.url })
 * await migrate(database, requests.migrations)
 * const account = requests.counted(passwordAccount({ did, service: pds.url, password: 'app-password', client }))
 * await account.call('com.atproto.server.getSession', {})
 * const [use] = await readBudgets({ database, did, service: pds.url })
 * console.log(`${use?.used} of ${use?.limit} ${use?.counts}`) // 50 of 3000 requests
 * ```
 */
export function createRequestBudget(options: RequestBudgetOptions): RequestBudget {
  return new DatabaseRequests(options)
}

/** Whose requests are counted: they stand in the tables of the points, which are counted for an account. */
export function requestsOf(service: string, address = 'all'): string {
  return `requests ${new URL(service).origin} ${address}`
}

/** Set aside at once, and for how long in milliseconds: what is used later counts in a window of then. */
const blockSize = 50
const longestBlock = 15_000

interface Block {
  readonly reserved: ReservedPoints
  used: number
  /** Of the last answer that tells one of the windows. */
  told: Headers
}

class DatabaseRequests implements RequestBudget {
  readonly migrations = [publishMigrations]
  readonly #database: Database
  readonly #service: string
  readonly #windows: ReadonlySet<string>
  readonly #clock: Clock
  readonly #budget: WriteBudget
  #block: Block | undefined
  #renewal: Promise<void> | undefined

  constructor(options: RequestBudgetOptions) {
    const { database, service, address, windows = officialRequests, prefix, schema } = options
    const { clock = systemClock, random = systemRandom } = options
    const statements = publishStatements(tableNames(database.dialect, { prefix, schema }))
    this.#database = database
    this.#service = service
    this.#windows = new Set(windows.map(windowName))
    this.#clock = clock
    this.#budget = new WriteBudget(requestsOf(service, address), windows, statements, { clock, random })
  }

  counted(account: PublishAccount): PublishAccount {
    return { did: account.did, call: (method, request) => this.#call(account, method, request) }
  }

  async close(): Promise<void> {
    await this.#renewal?.catch(() => {})
    await this.#settle()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #call(account: PublishAccount, method: string, request: XrpcRequest): Promise<XrpcAnswer> {
    const block = await this.#take()
    const answer = await sendOrGiveBack(
      () => account.call(method, request),
      async () => void block.used--,
    )
    if (!this.#windows.has(answer.headers.get('ratelimit-policy') ?? '')) return answer
    block.told = answer.headers
    // The others are to know at once.
    if (answer.status === 429 && block === this.#block) await this.#settle()
    return answer
  }

  /** Takes one request of the block; whoever comes while the next one is on its way waits for it. */
  async #take(): Promise<Block> {
    for (;;) {
      const block = this.#block
      const isYoung = block !== undefined && this.#clock.now() - block.reserved.at < longestBlock
      if (isYoung && block.used < block.reserved.points) {
        block.used++
        return block
      }
      this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined))
      await this.#renewal
    }
  }

  async #renew(): Promise<void> {
    await this.#settle()
    const taken = await this.#database.transaction(async (tx) => {
      const whole = await this.#budget.take(tx, 'request', blockSize)
      return 'reserved' in whole ? whole : this.#budget.take(tx, 'request')
    })
    if ('waitUntil' in taken) {
      const details = { service: this.#service, until: new Date(taken.waitUntil).toISOString() }
      throw publishErrors.ATPROTO_PUBLISH_REQUESTS_USED_UP(details)
    }
    this.#block = { reserved: taken.reserved, used: 0, told: new Headers() }
  }

  /** Counts what was used of the block, and gives back the rest. */
  async #settle(): Promise<void> {
    const block = this.#block
    this.#block = undefined
    if (block === undefined) return
    const used = { ...block.reserved, points: block.used }
    await this.#database.transaction((tx) => this.#budget.settle(tx, used, { status: 200, headers: block.told }))
  }
}
