/** One movement of a simulated balance, in minor units of the gateway. */
export interface BalanceEntry {
  readonly id: string
  readonly kind: 'charge' | 'refund' | 'refund_failure' | 'dispute' | 'dispute_reversal' | 'payout' | 'payout_failure'
  /** Signed: what comes in is positive. */
  readonly gross: bigint
  readonly fee: bigint
  readonly currency: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly availableAt: number
  /** The object behind it. */
  readonly source: string
  readonly payment?: string | undefined
  /** The payout that it left with. */
  payout?: string | undefined
}

/** One line of the simulated bank's statement. */
export interface BankLine {
  /** Unique in the statement. */
  readonly id: string
  /** `YYYY-MM-DD`. */
  readonly bookedOn: string
  /** Minor units, signed: what arrives is positive. */
  readonly amount: bigint
  /** ISO 4217. */
  readonly currency: string
  /** What the bank prints: the name of the gateway and the payout's reference. */
  readonly text: string
  /** The payout behind it. */
  readonly payout: string
}

/** What a simulated gateway owes its merchant: entries are added, never changed. */
export class BalanceBook {
  readonly entries: BalanceEntry[] = []
  readonly bank: BankLine[] = []

  add(entry: BalanceEntry): BalanceEntry {
    this.entries.push(entry)
    return entry
  }

  /** The sum of all entries. */
  total(currency: string): bigint {
    return sumOf(this.entries.filter((entry) => entry.currency === currency))
  }

  /** What may be paid out at the moment. */
  available(currency: string, now: number): bigint {
    const usable = this.entries.filter((entry) => entry.currency === currency && entry.availableAt <= now)
    return sumOf(usable)
  }

  /** Names the payout in every entry that has not left with another, and gives their sum. */
  sweepInto(payout: string, currency: string, now: number): bigint {
    const leaving = this.entries.filter(
      (entry) =>
        entry.currency === currency && entry.availableAt <= now && entry.payout === undefined && !isPayout(entry),
    )
    for (const entry of leaving) entry.payout = payout
    return sumOf(leaving)
  }

  book(line: BankLine): void {
    this.bank.push(line)
  }
}

function isPayout({ kind }: BalanceEntry): boolean {
  return kind === 'payout' || kind === 'payout_failure'
}

function sumOf(entries: readonly BalanceEntry[]): bigint {
  return entries.reduce((sum, { gross, fee }) => sum + gross - fee, 0n)
}
