import { systemClock, systemRandom, type Clock, type Random } from '@exprsn/core'
import { tableNames, type Database, type MigrationNaming, type MigrationSet } from '@exprsn/core/database'
import type { BudgetWindow } from './budget-window.ts'
import { publishErrors } from './errors.ts'
import { judgeAnswer } from './judge-answer.ts'
import { publishMigrations } from './migrations.ts'
import { sendOrGiveBack } from './never-sent.ts'
import type { XrpcAnswer } from './publish-account.ts'
import { publishStatements, type PublishStatements } from './statements.ts'
import { WriteBudget } from './write-budget.ts'

/** The logins of an account that the official hosts allow. What is kept back is for people, who log in with it as well. */
export const officialLogins: readonly BudgetWindow[] = [
  { limit: 30, seconds: 300, reserve: 3 },
  { limit: 300, seconds: 86_400, reserve: 30 },
]

/** Options of {@link createLoginBudget}. */
export interface LoginBudgetOptions extends MigrationNaming {
  /** Where logins are counted: the same for all processes. */
  readonly database: Database
  /** The host's limits. @default officialLogins */
  readonly windows?: readonly BudgetWindow[] | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** Counts the logins of accounts. Made by {@link createLoginBudget}. */
export interface LoginBudget {
  /** The tables it needs, for `migrate`: those of the publisher. */
  readonly migrations: readonly MigrationSet[]
  /**
   * Logs in when there is a login left.
   *
   * @throws `ATPROTO_PUBLISH_LOGINS_USED_UP`, with the moment `until`, without asking the host, or when that says so
   */
  spend(did: string, login: () => Promise<XrpcAnswer>): Promise<XrpcAnswer>
}

/**
 * Counts logins with app passwords in the database, for all processes of a host: ten that restart in a loop do not use up the
 * logins of the day. Give it to every `passwordAccount`. OAuth needs none.
 *
 * @example
 * ```ts
 * import { createClient } from '@exprsn/core/client'
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createLoginBudget, passwordAccount, readBudgets } from '@exprsn/atproto/publish'
 * import { createFakePds } from '@exprsn/atproto/testing'
 *
 * await using pds = createFakePds()
 * await pds.start()
 * const { did } = pds.host.createAccount({ handle: 'alice.test', password: 'app-password' })
 * await using client = createClient({ allow: { loopbackAddresses: true } })
 * await using database = sqliteDatabase({ path: ':memory:' })
 *
 * const logins = createLoginBudget({ database })
 * await migrate(database, logins.migrations)
 * const account = passwordAccount({ did, service: pds.url, password: 'app-password', client, logins })
 * await account.call('com.atproto.server.getSession', {})
 * const budgets = await readBudgets({ database, did })
 * console.log(budgets.map(({ counts, used, limit }) => `${used} of ${limit} ${counts}`)) // ['1 of 300 logins', '1 of 30 logins']
 * ```
 */
export function createLoginBudget(options: LoginBudgetOptions): LoginBudget {
  return new DatabaseLogins(options)
}

class DatabaseLogins implements LoginBudget {
  readonly migrations = [publishMigrations]
  readonly #database: Database
  readonly #windows: readonly BudgetWindow[]
  readonly #statements: PublishStatements
  readonly #clock: Clock
  readonly #random: Random

  constructor(options: LoginBudgetOptions) {
    const { database, windows = officialLogins, clock = systemClock, random = systemRandom, prefix, schema } = options
    this.#database = database
    this.#windows = windows
    this.#statements = publishStatements(tableNames(database.dialect, { prefix, schema }))
    this.#clock = clock
    this.#random = random
  }

  async spend(did: string, login: () => Promise<XrpcAnswer>): Promise<XrpcAnswer> {
    const seams = { clock: this.#clock, random: this.#random }
    const budget = new WriteBudget(loginsOf(did), this.#windows, this.#statements, seams)
    const taken = await this.#database.transaction((tx) => budget.take(tx, 'login'))
    if ('waitUntil' in taken) throw usedUp(did, taken.waitUntil)
    const answer = await sendOrGiveBack(login, () =>
      this.#database.transaction((tx) => budget.giveBack(tx, taken.reserved)),
    )
    await this.#database.transaction((tx) => budget.settle(tx, taken.reserved, answer))
    const judgement = answer.status === 429 ? judgeAnswer('createSession', answer, this.#clock) : undefined
    if (judgement?.kind === 'wait') throw usedUp(did, judgement.until)
    return answer
  }
}

/** Whose logins are counted: they stand in the tables of the points, which are counted for the account itself. */
export function loginsOf(did: string): string {
  return `login ${did}`
}

function usedUp(did: string, until: number): Error {
  return publishErrors.ATPROTO_PUBLISH_LOGINS_USED_UP({ did, until: new Date(until).toISOString() })
}
