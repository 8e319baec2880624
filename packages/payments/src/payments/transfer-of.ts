import type { CaptureSnapshot, DisputeSnapshot, PayoutSnapshot, RefundSnapshot } from '../gateway/snapshot.ts'
import { stageOf } from '../gateway/dispute-stage.ts'
import type { Transfer } from './payment.ts'

/** A gateway's report of a capture, refund, payout or dispute as one kind of record. */
export function transferOf(
  gateway: string,
  payment: string | undefined,
  report: CaptureSnapshot | RefundSnapshot | PayoutSnapshot | DisputeSnapshot,
  toBank: boolean,
): Transfer {
  const { amount } = report
  const nothing = { amount: 0n, currency: amount.currency }
  const dispute = report.kind === 'dispute' ? report : undefined
  return {
    kind: report.kind,
    gateway,
    reference: report.reference,
    payment,
    state: report.state,
    amount,
    fee: ('fee' in report ? report.fee : undefined) ?? nothing,
    withdrawn: dispute?.withdrawn ?? nothing,
    reinstated: dispute?.reinstated ?? nothing,
    reason: dispute?.reason ?? ('failure' in report ? report.failure : undefined),
    evidenceDueBy: dispute?.evidenceDueBy,
    ...(dispute === undefined ? {} : { stage: stageOf(dispute), changedAt: dispute.changedAt }),
    arrivesAt: report.kind === 'payout' ? report.arrivesAt : undefined,
    toBank,
    key: 'key' in report ? report.key : undefined,
  }
}
