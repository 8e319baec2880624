import { z } from 'zod'

const key = z.string().min(1).max(200).describe('Names this command for ever; sent again, it is the same command.')

/** An amount as decimal text: exact in every language. */
export const moneySchema = z.object({
  value: z.string().regex(/^-?\d{1,30}(\.\d{1,30})?$/),
  currency: z.string().regex(/^[A-Z]{3}$/),
})

export const chargeSchema = z.strictObject({
  key,
  gateway: z.string().min(1).max(40),
  amount: moneySchema,
  method: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('token'), token: z.string().min(1).max(10_000) }),
    z.strictObject({ kind: z.literal('saved'), reference: z.string().min(1).max(255) }),
    z.strictObject({ kind: z.literal('redirect') }),
  ]),
  capture: z.enum(['now', 'later']).optional(),
  order: z.string().min(1).max(100).optional(),
  description: z.string().max(200).optional(),
  customer: z.string().max(255).optional(),
  offSession: z.boolean().optional(),
  saveMethod: z.boolean().optional(),
  returnUrl: z.url().optional(),
  cancelUrl: z.url().optional(),
})

export const keySchema = z.strictObject({ key })

export const captureSchema = z.strictObject({
  key,
  amount: moneySchema.optional(),
  final: z.boolean().optional(),
})

export const refundSchema = z.strictObject({
  key,
  amount: moneySchema.optional(),
  capture: z.string().max(255).optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested']).optional(),
})

export const payoutSchema = z.strictObject({
  key,
  gateway: z.string().min(1).max(40),
  amount: moneySchema,
  destination: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('bank') }),
      z.strictObject({ kind: z.literal('email'), email: z.email() }),
    ])
    .optional(),
  description: z.string().max(200).optional(),
})

export const orderSchema = z.object({ order: z.string().min(1).max(100) })

export const afterSchema = z.object({
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
})

const paymentSchema = z.looseObject({
  id: z.string(),
  gateway: z.string(),
  reference: z.string().optional(),
  key: z.string(),
  order: z.string().optional(),
  state: z.enum(['created', 'requires_action', 'pending', 'authorised', 'captured', 'declined', 'voided', 'expired']),
  amount: moneySchema,
  authorised: moneySchema,
  captured: moneySchema,
  refunded: moneySchema,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})

const transferSchema = z.looseObject({
  kind: z.enum(['capture', 'refund', 'payout', 'dispute']),
  gateway: z.string(),
  reference: z.string(),
  payment: z.string().optional(),
  state: z.string(),
  amount: moneySchema,
  fee: moneySchema,
})

const refusalSchema = z.object({ reason: z.string(), code: z.string(), message: z.string() })

/** How a charge stands; a decline is an answer like the others. */
export const chargeOutcomeSchema = z.looseObject({
  status: z.enum(['succeeded', 'authorised', 'requires_action', 'declined', 'pending', 'voided', 'expired', 'unknown']),
  payment: paymentSchema,
})

export const paymentOutcomeSchema = z.object({
  status: z.enum(['succeeded', 'pending', 'refused', 'unknown']),
  result: paymentSchema.optional(),
  reason: z.string().optional(),
  refusal: refusalSchema.optional(),
})

export const transferOutcomeSchema = paymentOutcomeSchema.extend({ result: transferSchema.optional() })
export const onePaymentSchema = paymentSchema
export const paymentsSchema = z.object({ payments: z.array(paymentSchema) })
export const transfersSchema = z.object({ transfers: z.array(transferSchema) })

export const trialBalanceSchema = z.object({
  balanced: z.boolean(),
  currencies: z.array(
    z.object({
      currency: z.string(),
      debits: moneySchema,
      credits: moneySchema,
      accounts: z.array(z.object({ code: z.string(), kind: z.string(), balance: moneySchema })),
    }),
  ),
})

export const statementSchema = z.object({
  lines: z.array(
    z.looseObject({
      sequence: z.number(),
      entry: z.string(),
      change: moneySchema,
      balance: moneySchema,
      occurredAt: z.iso.datetime(),
    }),
  ),
  next: z.number().optional().describe('Pass it as `after` for the lines that follow; absent at the end.'),
})

export const verificationSchema = z.object({
  ok: z.boolean(),
  lines: z.number(),
  faults: z.array(z.looseObject({ fault: z.string(), message: z.string() })),
})

export const sweepSchema = z.object({
  events: z.number(),
  sent: z.number(),
  resolved: z.number(),
  checked: z.number(),
  missed: z.number(),
  failures: z.array(z.string()),
  idle: z.boolean(),
})
