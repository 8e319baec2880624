/** How the simulated card behaves. */
export interface TestMethod {
  readonly type: 'card' | 'us_bank_account'
  readonly brand: string
  readonly last4: string
  readonly behaviour: 'pays' | 'declines' | 'authenticates' | 'processes' | 'disputes'
  readonly declineCode?: string | undefined
  readonly errorCode?: string | undefined
}

/**
 * The tokens of the real test mode and what they do (docs.stripe.com/testing). `tok_…` stands for the same as `pm_card_…`.
 */
const testMethods: Readonly<Record<string, TestMethod>> = {
  pm_card_visa: { type: 'card', brand: 'visa', last4: '4242', behaviour: 'pays' },
  pm_card_mastercard: { type: 'card', brand: 'mastercard', last4: '4444', behaviour: 'pays' },
  pm_card_visa_chargeDeclined: declines('card_declined', 'generic_decline', '0002'),
  pm_card_visa_chargeDeclinedInsufficientFunds: declines('card_declined', 'insufficient_funds', '9995'),
  pm_card_visa_chargeDeclinedLostCard: declines('card_declined', 'lost_card', '9987'),
  pm_card_visa_chargeDeclinedStolenCard: declines('card_declined', 'stolen_card', '9979'),
  pm_card_chargeDeclinedExpiredCard: declines('expired_card', 'expired_card', '0069'),
  pm_card_chargeDeclinedIncorrectCvc: declines('incorrect_cvc', 'incorrect_cvc', '0127'),
  pm_card_chargeDeclinedProcessingError: declines('processing_error', 'processing_error', '0119'),
  pm_card_chargeDeclinedFraudulent: declines('card_declined', 'fraudulent', '0019'),
  pm_card_authenticationRequired: { type: 'card', brand: 'visa', last4: '3184', behaviour: 'authenticates' },
  pm_card_createDispute: { type: 'card', brand: 'visa', last4: '0259', behaviour: 'disputes' },
  pm_usBankAccount_processing: { type: 'us_bank_account', brand: 'bank', last4: '6789', behaviour: 'processes' },
}

/** The method behind a token, whichever of its two names is used. */
export function testMethodOf(token: string): TestMethod | undefined {
  return testMethods[token] ?? testMethods[token.replace(/^tok_/, 'pm_card_')]
}

function declines(errorCode: string, declineCode: string, last4: string): TestMethod {
  return { type: 'card', brand: 'visa', last4, behaviour: 'declines', errorCode, declineCode }
}
