// Written by scripts/generate-network.ts.

/** The types of `com.atproto.admin.sendEmail`. */
export interface ComAtprotoAdminSendEmailTypes {
  readonly 'com.atproto.admin.sendEmail': {
    readonly input: {
      readonly recipientDid: string
      readonly content: string
      readonly subject?: string | undefined
      readonly senderDid: string
      readonly comment?: string | undefined
    }
    readonly output: {
      readonly sent: boolean
    }
  }
}
