/** One element, or several of it: the service collapses lists of one. */
export type OneOrMany<Item> = Item | readonly Item[] | undefined | null

export interface AuthorizeNetMessages {
  readonly resultCode: string
  readonly message?: OneOrMany<{ readonly code: string; readonly text: string }>
}

export interface TransactionResponse {
  /** 1 approved, 2 declined, 3 error, 4 held for review. */
  readonly responseCode: string
  readonly transId?: string | undefined
  readonly accountNumber?: string | undefined
  readonly accountType?: string | undefined
  /** Of a card that holds less than was asked for, and of what is to be paid by several. */
  readonly prePaidCard?: unknown
  readonly splitTenderPayments?: unknown
  readonly messages?: OneOrMany<{ readonly code: string; readonly description: string }>
  readonly errors?: OneOrMany<{ readonly errorCode: string; readonly errorText: string }>
}

export interface TransactionDetails {
  readonly transId: string
  readonly refTransId?: string | undefined
  readonly transactionType: string
  readonly transactionStatus: string
  readonly order?:
    | { readonly invoiceNumber?: string | undefined; readonly description?: string | undefined }
    | undefined
  readonly authAmount?: number | undefined
  readonly settleAmount?: number | undefined
  readonly payment?:
    | {
        readonly creditCard?:
          | { readonly cardNumber?: string | undefined; readonly cardType?: string | undefined }
          | undefined
      }
    | undefined
}

export interface TransactionSummary {
  readonly transId: string
  readonly submitTimeUTC: string
  readonly transactionStatus: string
  readonly invoiceNumber?: string | undefined
  readonly settleAmount?: number | undefined
}

export interface Batch {
  readonly batchId: string
  readonly settlementTimeUTC: string
  readonly settlementState: string
}

export interface Notification {
  readonly notificationId: string
  readonly eventType: string
  readonly eventDate: string
  readonly payload?: { readonly id?: string | undefined; readonly entityName?: string | undefined } | undefined
}

/** Always a list. */
export function many<Item>(value: OneOrMany<Item>): readonly Item[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value as Item]
}
