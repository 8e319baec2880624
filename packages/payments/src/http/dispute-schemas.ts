import { z } from 'zod'
import { evidenceFileKinds } from '../gateway/dispute-evidence.ts'
import { moneySchema } from './schemas.ts'

const text = z.string().max(100_000).optional()
const day = z.string().max(10).optional()
const reference = z.string().min(1).max(200)
const statuses = ['opened', 'evidence_due', 'submitted', 'under_review', 'won', 'lost', 'accepted', 'expired'] as const

const purchaseSchema = z.strictObject({
  charge: reference,
  ip: text,
  deviceId: text,
  deviceFingerprint: text,
  accountId: text,
  email: text,
  shippingAddress: text,
  description: text,
})

export const casesQuerySchema = z.object({
  status: z.enum(statuses).optional(),
  gateway: z.string().max(40).optional(),
  payment: z.string().max(100).optional(),
  after: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
})

export const evidenceSchema = z.strictObject({
  customerName: text,
  customerEmail: text,
  customerIp: text,
  billingAddress: text,
  productDescription: text,
  accessLog: text,
  shippingAddress: text,
  shippingCarrier: text,
  shippingTracking: text,
  shippedOn: day,
  deliveredOn: day,
  serviceOn: day,
  refundPolicyDisclosure: text,
  refundRefusal: text,
  refunds: z.array(reference).max(100).optional(),
  cancellationPolicyDisclosure: text,
  cancellationRebuttal: text,
  otherCharge: text,
  otherChargeExplanation: text,
  explanation: text,
  files: z
    .array(
      z.strictObject({
        kind: z.enum(evidenceFileKinds),
        reference,
      }),
    )
    .max(20)
    .optional(),
  compelling: z
    .strictObject({
      disputed: purchaseSchema,
      kind: z.enum(['merchandise', 'services']),
      priors: z.array(purchaseSchema).min(2).max(5),
    })
    .optional(),
})

const note = z.string().max(2_000).optional()
export const disputeNoteSchema = z.strictObject({ note })
export const submitSchema = z.strictObject({ note, evenIncomplete: z.boolean().optional() })
export const openedSchema = z.object({ since: z.iso.datetime().optional(), until: z.iso.datetime().optional() })

const caseSchema = z.looseObject({
  id: z.string(),
  gateway: z.string(),
  reference: z.string(),
  payment: z.string(),
  stage: z.enum(['inquiry', 'chargeback', 'pre_arbitration', 'arbitration']),
  status: z.enum(statuses),
  amount: moneySchema,
  family: z.string(),
  dueBy: z.iso.datetime().optional(),
})

export const oneCaseSchema = caseSchema
export const casesSchema = z.object({
  cases: z.array(caseSchema),
  next: z.string().optional().describe('Pass it as `after` for those that follow; absent at the end.'),
})
export const caseHistorySchema = z.object({ events: z.array(z.looseObject({ action: z.string(), actor: z.string() })) })
export const postingsSchema = z.object({ lines: z.array(z.looseObject({ entry: z.string() })) })
export const checklistSchema = z.object({
  items: z.array(z.looseObject({ id: z.string(), need: z.string(), isThere: z.boolean() })),
  missing: z.array(z.string()),
  complete: z.boolean(),
})
export const compellingSchema = z.looseObject({ eligible: z.boolean() })
export const disputeOutcomeSchema = z.looseObject({
  status: z.enum(['done', 'incomplete', 'refused', 'unknown']),
  case: caseSchema,
  missing: z.array(z.string()).optional(),
})
export const outcomesSchema = z.looseObject({ all: z.looseObject({ cases: z.number() }) })
