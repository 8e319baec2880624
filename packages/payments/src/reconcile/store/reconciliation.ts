import type { MigrationSet, Queryable } from '@exprsn/core/database'
import type { LedgerEntry } from '../../ledger/entry.ts'
import type { ReconcileInputs } from '../items/collect-items.ts'
import type { Edge, ExceptionReason } from '../match/edge.ts'
import type { Money } from '../../money/money.ts'
import type { Explanation, ReconcileReport } from '../report.ts'

/** What came of adding. */
export interface AddedReport {
  /** Items that were not known. */
  readonly added: number
  /** Matches that were decided or confirmed because of them. */
  readonly matched: number
  /** Items that were looked at and are open. */
  readonly open: number
}

/** An item that waits for people. */
export interface OpenException {
  readonly item: string
  readonly reason: ExceptionReason | 'written_off' | 'proposed'
  readonly amount: Money
  readonly action: string
  readonly candidates: readonly Edge[]
  readonly assignee: string | undefined
}

/** Which exceptions to list. */
export interface ExceptionsQuery {
  readonly reason?: OpenException['reason'] | undefined
  readonly assignee?: string | undefined
  /** Those after this item. @default the first ones */
  readonly after?: string | undefined
  /** 1 to 1,000. @default 100 */
  readonly limit?: number | undefined
}

/** Who does something, and why. */
export interface ByHand {
  /** Who it is: the host knows them. */
  readonly by: string
  /** @default '' */
  readonly note?: string | undefined
}

/** Something that was done to an item. */
export interface ItemEvent {
  readonly action: string
  readonly actor: string
  readonly note: string
  readonly at: Date
}

/** Options of what writes. */
export interface ReconciliationWriteOptions {
  /** The host's transaction. @default one of its own */
  readonly tx?: Queryable | undefined
}

/** A reconciliation that grows. See {@link createReconciliation}. */
export interface Reconciliation {
  /** Its tables: `migrate(database, [reconciliation.migrations])`. */
  readonly migrations: MigrationSet
  /**
   * Takes what is new, and decides about it and all it has to do with. What was taken before changes nothing. The result is
   * that of `reconcile` over everything, however it is parted and in whatever order it comes.
   *
   * @throws `PAYMENTS_RECONCILE_CONFLICT` for a record of ours or of a gateway that is known with another content
   */
  add(inputs: Partial<ReconcileInputs>, options?: ReconciliationWriteOptions): Promise<AddedReport>
  /** Everything, as `reconcile` reports it. Proposed matches are not made yet; what was written off is still an exception. */
  report(options?: { readonly asOf?: Date | undefined }): Promise<ReconcileReport>
  /** @throws `PAYMENTS_RECONCILE_UNKNOWN` */
  explain(
    id: string,
  ): Promise<Omit<Explanation, 'payout' | 'exception'> & { readonly exception: OpenException | undefined }>
  /** What is open, by identifier. */
  exceptions(query?: ExceptionsQuery): Promise<readonly OpenException[]>
  /** @throws `PAYMENTS_RECONCILE_UNKNOWN` */
  assign(id: string, to: string | undefined, hand: ByHand): Promise<void>
  /** @throws `PAYMENTS_RECONCILE_UNKNOWN` */
  comment(id: string, hand: ByHand & { readonly note: string }): Promise<void>
  /**
   * Matches open items by hand. With four eyes the match is proposed, and made when somebody else approves it.
   *
   * @returns the identifier of the match
   * @throws `PAYMENTS_RECONCILE_REFUSED` for items that are matched, stand on the wrong side, or sum to something else, where
   * `difference` does not say so
   */
  match(
    pair: {
      readonly left: readonly string[]
      readonly right: readonly string[]
      readonly difference?: Money | undefined
    },
    hand: ByHand,
  ): Promise<string>
  /** @throws `PAYMENTS_RECONCILE_REFUSED` for whoever proposed it */
  approve(match: string, hand: ByHand): Promise<void>
  /**
   * Closes an open item whose money is given up, with the entry that says so in the books, in the same transaction.
   *
   * @throws `PAYMENTS_RECONCILE_REFUSED`, also when the ledger refuses the entry
   */
  writeOff(id: string, hand: ByHand & { readonly entry?: LedgerEntry | undefined }): Promise<void>
  /** Undoes a match by hand or a writing off: what it held is decided about again. The books are left alone. */
  reopen(id: string, hand: ByHand): Promise<void>
  /** What was done to an item by hand, the oldest first. */
  history(id: string): Promise<readonly ItemEvent[]>
}
