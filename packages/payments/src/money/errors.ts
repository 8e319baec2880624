import { defineErrors } from '@exprsn/core'

/** What goes wrong with amounts. */
export const moneyErrors = defineErrors({
  PAYMENTS_MONEY_INVALID: {
    message: '"{value}" is not an amount in {currency}: it {reason}.',
    help: 'Pass decimal text such as "49.90" with no more decimals than the currency has, or minor units as a bigint.',
    status: 400,
  },
  PAYMENTS_CURRENCY_UNKNOWN: {
    message: '"{currency}" is not a currency of ISO 4217.',
    help: 'Pass the three letters in upper case, such as EUR.',
    status: 400,
  },
  PAYMENTS_CURRENCY_MISMATCH: {
    message: 'Amounts in {left} and {right} cannot be combined.',
    help: 'Convert one of them first, with the rate that applies.',
    status: 400,
  },
  PAYMENTS_RATIONAL_INVALID: {
    message: '"{value}" is not a number that can be computed with exactly.',
    help: 'Pass decimal text such as "1.0825", a whole bigint, or a fraction whose denominator is above zero.',
    status: 400,
  },
  PAYMENTS_WEIGHTS_INVALID: {
    message: 'The weights cannot divide an amount: {reason}.',
    help: 'Pass at least one weight, none below zero, and one above zero.',
    status: 400,
  },
  PAYMENTS_AMOUNT_NOT_REPRESENTABLE: {
    message: '{amount} {currency} cannot be expressed in the units that {system} uses: {reason}.',
    help: 'Round the amount yourself first, in the way that your contract with the buyer says.',
    status: 422,
  },
})
