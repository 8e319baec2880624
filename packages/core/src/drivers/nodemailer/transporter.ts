/** A mail, as far as it is used here. */
export interface Mail {
  readonly messageId: string
  readonly from: string
  readonly to: string[]
  readonly subject: string
  readonly text: string
  readonly date: Date
  readonly priority?: 'high' | undefined
  readonly headers: Record<string, string>
  /** Content may not name files or addresses to be read. */
  readonly disableFileAccess: boolean
  readonly disableUrlAccess: boolean
}

/** What a transporter says about a mail that it sent, to at least one recipient. */
export interface SentMail {
  readonly response?: string | undefined
  readonly rejected?: readonly unknown[] | undefined
}

/** The members of a nodemailer transporter that are used: the host's own is one. */
export interface MailTransporter {
  sendMail(mail: Mail): Promise<SentMail>
  close?(): void
}

/** What the package `nodemailer` exports, as far as it is used. */
export interface NodemailerModule {
  createTransport(settings: Readonly<Record<string, unknown>>): MailTransporter
}
