import { defineErrors } from '@exprsn/core'

/** What goes wrong before a webhook can be judged at all; what is wrong with a delivery is its verdict. */
export const webhookErrors = defineErrors({
  PAYMENTS_WEBHOOK_OPTION_INVALID: {
    message: 'The webhook option {option} {reason}.',
    help: 'See the documentation of the option for what it takes.',
  },
})
