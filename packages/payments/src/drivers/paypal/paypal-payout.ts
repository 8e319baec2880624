import type { PayoutCommand } from '../../gateway/command.ts'
import { toPaypalMoney } from './paypal-amount.ts'
import { referenceOf } from './paypal-snapshot.ts'

/** The body of a payout to one e-mail address; undefined for any other destination. */
export function payoutOf({ key, amount, destination, description }: PayoutCommand): unknown {
  if (destination?.kind !== 'email') return undefined
  const { currency_code: currency, value } = toPaypalMoney(amount)
  const reference = referenceOf(key)
  return {
    sender_batch_header: {
      sender_batch_id: reference,
      ...(description === undefined ? {} : { email_subject: description }),
    },
    items: [
      {
        recipient_type: 'EMAIL',
        receiver: destination.email,
        amount: { currency, value },
        sender_item_id: reference,
      },
    ],
  }
}
