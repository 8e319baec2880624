import { z } from 'zod'
import { moneySchema } from './schemas.ts'

const item = z.string().min(1).max(300)
const note = z.string().max(2_000).optional()

export const exceptionsQuerySchema = z.object({
  reason: z.string().max(50).optional(),
  assignee: z.string().max(200).optional(),
  after: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
})

export const noteSchema = z.strictObject({ note })
export const assignSchema = z.strictObject({ to: z.string().min(1).max(200).optional(), note })
export const commentSchema = z.strictObject({ note: z.string().min(1).max(2_000) })

export const matchSchema = z.strictObject({
  left: z.array(item).min(1).max(100),
  right: z.array(item).min(1).max(100),
  difference: moneySchema.optional().describe('Left less right, where it is not zero.'),
  note,
})

export const writeOffSchema = z.strictObject({
  note,
  lines: z
    .array(
      z.strictObject({ debit: z.string().min(1).max(200), credit: z.string().min(1).max(200), amount: moneySchema }),
    )
    .min(1)
    .max(20)
    .optional()
    .describe('What is posted to the books in the same transaction.'),
})

export const asOfSchema = z.object({ asOf: z.string().max(10).optional().describe('YYYY-MM-DD.') })
export const currencySchema = z.object({ currency: z.string().regex(/^[A-Z]{3}$/) })
export const spanSchema = z.object({ since: z.string().max(10).optional(), until: z.string().max(10).optional() })

const exceptionSchema = z.looseObject({ item: z.string(), reason: z.string(), amount: moneySchema, action: z.string() })

export const exceptionsSchema = z.object({
  exceptions: z.array(exceptionSchema),
  next: z.string().optional().describe('Pass it as `after` for those that follow; absent at the end.'),
})
export const explanationSchema = z.looseObject({ item: z.string() })
export const itemHistorySchema = z.object({ events: z.array(z.looseObject({ action: z.string(), actor: z.string() })) })
export const matchedSchema = z.object({ match: z.string() })
export const reconciliationReportSchema = z.looseObject({
  hash: z.string(),
  matches: z.number(),
  exceptions: z.number(),
  proof: z.looseObject({ version: z.literal(1) }),
  faults: z.array(z.string()).describe('What an independent check of the proof finds: nothing.'),
})
export const feesSchema = z.object({ findings: z.array(z.looseObject({})), totals: z.array(z.looseObject({})) })
export const forecastSchema = z.looseObject({ asOf: z.string(), expected: z.array(z.looseObject({})) })
export const positionSchema = z.object({ positions: z.array(z.looseObject({ currency: z.string() })) })
