import type { Duration } from '@exprsn/core'
import type { MigrationSet, Queryable } from '@exprsn/core/database'
import type { Schedule, Scheduler } from '@exprsn/core/schedule'
import type { Refusal } from '../gateway/decline.ts'
import type { DisputeEvidence } from '../gateway/dispute-evidence.ts'
import type { DisputeStage } from '../gateway/state.ts'
import type { JournalLine } from '../ledger/entry.ts'
import type { CaseStatus } from './case/case-status.ts'
import type { DisputeCase } from './case/dispute-case.ts'
import type { CompellingFinding } from './compelling/find-compelling.ts'
import type { Purchase } from './compelling/purchase.ts'
import type { EvidenceCheck } from './evidence/check-evidence.ts'
import type { EvidencePack } from './evidence/evidence-pack.ts'
import type { OutcomeReport } from './report/outcome-report.ts'

/** Who does something, and why. */
export interface DisputeHand {
  /** Who it is: the host knows them. */
  readonly by: string
  /** @default '' */
  readonly note?: string | undefined
  /** Ends the waiting for a gateway; what was sent may still be done, and the sweep finds out. */
  readonly signal?: AbortSignal | undefined
}

/** Something that happened to a case. */
export interface DisputeEvent {
  /** `reported`, `expired`, `alarm …`, `evidence gathered`, `submission begun`, `submitted`, `acceptance begun`, `accepted`, `refused …`. */
  readonly action: string
  /** Afterwards. */
  readonly status: CaseStatus
  readonly stage: DisputeStage
  /** Who did it; `gateway` or `clock` where nobody did. */
  readonly actor: string
  readonly note: string
  readonly at: Date
}

/** Which cases to list. */
export interface CasesQuery {
  readonly status?: CaseStatus | undefined
  readonly gateway?: string | undefined
  /** Our identifier of a payment. */
  readonly payment?: string | undefined
  /** Those after this case. @default the first ones */
  readonly after?: string | undefined
  /** 1 to 1,000. @default 100 */
  readonly limit?: number | undefined
}

/** How a command about a case went. */
export type DisputeOutcome =
  | { readonly status: 'done'; readonly case: DisputeCase }
  /** Required evidence is not there; nothing was sent. */
  | { readonly status: 'incomplete'; readonly missing: readonly string[]; readonly case: DisputeCase }
  /** Not done; nothing changed. */
  | { readonly status: 'refused'; readonly refusal: Refusal; readonly case: DisputeCase }
  /** No answer came. The sweep finds out, and never sends it twice. */
  | { readonly status: 'unknown'; readonly case: DisputeCase }

/** What a sweep did. */
export interface DisputeSweepReport {
  /** Reports of gateways that were taken in. */
  readonly reports: number
  /** Commands without an answer whose end became known. */
  readonly resolved: number
  /** Alarms that were raised or resolved. */
  readonly alarms: number
  /** Purchases that were old enough to be forgotten. */
  readonly forgotten: number
  /** What failed and is tried again at the next sweep, as the messages of the errors. */
  readonly failures: readonly string[]
}

/** Options of {@link Disputes.sweep}. */
export interface DisputeSweepOptions {
  /** No new piece of work is begun after that long. @default '30s' */
  readonly deadline?: Duration | undefined
  /** Ends it between two cases. */
  readonly signal?: AbortSignal | undefined
}

/** Disputes over all gateways. See {@link createDisputes}. */
export interface Disputes {
  /** The tables: `migrate(database, [payments.migrations, disputes.migrations])`. */
  readonly migrations: MigrationSet
  /**
   * Does what is due: takes in what gateways reported, finds out about commands without an answer, raises alarms, forgets old
   * purchases. Call it every minute, after the sweep of payments, from as many processes as you like.
   */
  sweep(options?: DisputeSweepOptions): Promise<DisputeSweepReport>
  /** Adds the sweep to a scheduler as the job `disputes`, such as `every('5m')`. */
  scheduleOn(scheduler: Pick<Scheduler, 'add'>, when: Schedule): void

  /** @throws `PAYMENTS_DISPUTE_UNKNOWN` */
  case(id: string): Promise<DisputeCase>
  cases(query?: CasesQuery): Promise<readonly DisputeCase[]>
  /** What happened, the oldest first. @throws `PAYMENTS_DISPUTE_UNKNOWN` */
  history(id: string): Promise<readonly DisputeEvent[]>
  /** What the case did to the books, line by line. @throws `PAYMENTS_DISPUTE_UNKNOWN` */
  postings(id: string): Promise<readonly JournalLine[]>

  /**
   * Keeps evidence for the next submission, in place of what was kept.
   *
   * @throws `PAYMENTS_DISPUTE_EVIDENCE_INVALID`, `PAYMENTS_CARD_NUMBER_REFUSED`, `PAYMENTS_DISPUTE_UNKNOWN`
   */
  gather(id: string, evidence: DisputeEvidence, hand: DisputeHand): Promise<DisputeCase>
  /** Holds the gathered evidence against the checklist of the case's family. @throws `PAYMENTS_DISPUTE_UNKNOWN` */
  check(id: string): Promise<EvidenceCheck>
  /** Everything about the case in one JSON and one document for people. @throws `PAYMENTS_DISPUTE_UNKNOWN` */
  pack(id: string): Promise<EvidencePack>
  /**
   * Hands the gathered evidence in through the gateway, once, however often it is asked for.
   *
   * @throws `PAYMENTS_DISPUTE_UNKNOWN`, and what a gateway throws when it certainly did nothing
   */
  submit(id: string, hand: DisputeHand & { readonly evenIncomplete?: boolean | undefined }): Promise<DisputeOutcome>
  /** Concedes the case through the gateway. @throws `PAYMENTS_DISPUTE_UNKNOWN`, and what a gateway throws */
  accept(id: string, hand: DisputeHand): Promise<DisputeOutcome>
  /** Notes evidence that was handed in elsewhere, where the gateway takes none. @throws `PAYMENTS_DISPUTE_UNKNOWN` */
  noteSubmitted(id: string, hand: DisputeHand): Promise<DisputeCase>
  /** Notes that the case was conceded elsewhere. @throws `PAYMENTS_DISPUTE_UNKNOWN` */
  noteAccepted(id: string, hand: DisputeHand): Promise<DisputeCase>

  /**
   * Remembers what later shows that a buyer bought before. Personal data: it is forgotten after `keepPurchases`.
   *
   * @throws `PAYMENTS_DISPUTE_PURCHASE_INVALID`, `PAYMENTS_CARD_NUMBER_REFUSED`
   */
  rememberPurchase(purchase: Purchase, options?: { readonly tx?: Queryable | undefined }): Promise<void>
  /** Looks for older purchases that show the disputed one as the owner's own. @throws `PAYMENTS_DISPUTE_UNKNOWN` */
  findCompelling(id: string): Promise<CompellingFinding>

  /** How disputes ended, by gateway, network, family and currency. */
  report(query?: {
    /** Opened then or later. @default all */
    readonly since?: Date | undefined
    /** Opened before then. @default all */
    readonly until?: Date | undefined
  }): Promise<OutcomeReport>
}
