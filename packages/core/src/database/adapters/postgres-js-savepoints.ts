import type { PostgresJsTransactionLike } from './from-postgres-js.ts'

interface OpenSavepoint {
  readonly sql: PostgresJsTransactionLike
  keep(): void
  undo(reason: Error): void
  readonly ended: Promise<unknown>
}

/**
 * Savepoints through postgres.js itself: it fails a whole `begin` or `savepoint` for any failed statement of its `sql`,
 * also a handled one, so a statement that may fail must belong to an inner `sql`.
 */
export class PostgresJsSavepoints {
  readonly #outer: PostgresJsTransactionLike
  readonly #open: OpenSavepoint[] = []
  #undone = false

  constructor(outer: PostgresJsTransactionLike) {
    this.#outer = outer
  }

  /** Where statements go now. */
  get current(): PostgresJsTransactionLike {
    return this.#open.at(-1)?.sql ?? this.#outer
  }

  /** Does what the statement says; savepoints are undone and released from the inside out. */
  async control(text: string): Promise<void> {
    if (text.startsWith('savepoint')) return this.#begin()
    if (text.startsWith('rollback to')) {
      const savepoint = this.#open.pop()
      savepoint?.undo(new Error('undone'))
      await savepoint?.ended.catch(() => {})
      this.#undone = true
      return
    }
    // What was undone has been left already.
    if (this.#undone) {
      this.#undone = false
      return
    }
    const savepoint = this.#open.pop()
    savepoint?.keep()
    await savepoint?.ended
  }

  async #begin(): Promise<void> {
    await new Promise<void>((begun, failed) => {
      const hold = (sql: PostgresJsTransactionLike): Promise<void> =>
        new Promise((keep, undo) => {
          queueMicrotask(() => {
            this.#open.push({ sql, keep, undo, ended })
            begun()
          })
        })
      const ended = this.current.savepoint(hold as never)
      ended.catch(failed)
    })
  }
}
