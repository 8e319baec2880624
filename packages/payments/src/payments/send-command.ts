import type {
  AcceptDisputeCommand,
  CaptureCommand,
  ChargeCommand,
  CreateCustomerCommand,
  PayoutCommand,
  RefundCommand,
  RemoveMethodCommand,
  ResumeCommand,
  SaveMethodCommand,
  SubmitEvidenceCommand,
  VoidCommand,
} from '../gateway/command.ts'
import type { Decline } from '../gateway/decline.ts'
import type { PaymentGateway } from '../gateway/gateway.ts'
import type { OperationOutcome, PaymentOutcome } from '../gateway/outcome.ts'
import type { CustomerSnapshot, GatewaySnapshot } from '../gateway/snapshot.ts'
import type { Attempt, AttemptResult } from './attempt.ts'

/** What a gateway's answer comes to: the end of the command and what it reports, or that no answer came. */
export type Answer =
  | {
      readonly known: true
      readonly result: AttemptResult
      readonly reports: readonly (GatewaySnapshot | CustomerSnapshot)[]
      /** Of a charge that was declined without a payment at the gateway. */
      readonly decline?: Decline | undefined
    }
  | { readonly known: false; readonly reason: string }

/** Sends a command. What it throws is certain not to have been done. */
export async function sendCommand(
  gateway: PaymentGateway,
  { operation, command }: Attempt,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const content: unknown = { ...command, signal }
  switch (operation) {
    case 'charge':
      return paymentAnswer(await gateway.charge(content as ChargeCommand))
    case 'resume':
      return paymentAnswer(await gateway.resume(content as ResumeCommand))
    case 'capture':
      return operationAnswer(await gateway.capture(content as CaptureCommand))
    case 'void':
      return operationAnswer(await gateway.void(content as VoidCommand))
    case 'refund':
      return operationAnswer(await gateway.refund(content as RefundCommand))
    case 'payout':
      return operationAnswer(await gateway.payout(content as PayoutCommand))
    case 'createCustomer':
      return operationAnswer(await gateway.createCustomer(content as CreateCustomerCommand))
    case 'saveMethod':
      return operationAnswer(await gateway.saveMethod(content as SaveMethodCommand))
    case 'removeMethod':
      return operationAnswer(await gateway.removeMethod(content as RemoveMethodCommand))
    case 'acceptDispute':
      return operationAnswer(await gateway.acceptDispute(content as AcceptDisputeCommand))
    case 'submitEvidence':
      return operationAnswer(await gateway.submitEvidence(content as SubmitEvidenceCommand))
  }
}

export function paymentAnswer(outcome: PaymentOutcome): Answer {
  if (outcome.status === 'unknown') return { known: false, reason: outcome.error.message }
  const reports = outcome.payment === undefined ? [] : [outcome.payment]
  const reference = outcome.payment?.reference
  if (outcome.status === 'declined')
    return { known: true, result: { status: 'declined', reference }, reports, decline: outcome.decline }
  const status = outcome.status === 'succeeded' || outcome.status === 'authorised' ? 'succeeded' : 'pending'
  return { known: true, result: { status, reference }, reports }
}

export function operationAnswer(outcome: OperationOutcome<GatewaySnapshot | CustomerSnapshot>): Answer {
  if (outcome.status === 'unknown') return { known: false, reason: outcome.error.message }
  if (outcome.status === 'refused')
    return { known: true, result: { status: 'refused', refusal: outcome.refusal }, reports: [] }
  const { status, result, payment } = outcome
  const reports = payment === undefined ? [result] : [payment, result]
  return { known: true, result: { status, reference: result.reference }, reports }
}
