import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { bitString, der, integer, objectId, sequence, text, time } from './der.ts'

/** A certificate with its key. */
export interface IssuedCertificate {
  readonly name: string
  readonly pem: string
  readonly privateKey: KeyObject
}

/** Options of {@link issueCertificate}. */
export interface IssueOptions {
  /** The common name. */
  readonly name: string
  /** Who signs. @default itself */
  readonly issuer?: IssuedCertificate | undefined
  /** Whether it may sign others. @default false */
  readonly authority?: boolean | undefined
  /** Milliseconds since 1970. */
  readonly from: number
  readonly until: number
  /** @default a new one of 2,048 bits */
  readonly keys?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined
}

/** Issues an X.509 certificate (RFC 5280 §4.1) with RSA and SHA-256, for tests alone. */
export function issueCertificate(options: IssueOptions): IssuedCertificate {
  const { name, issuer, authority = false, from, until } = options
  const { publicKey, privateKey } = options.keys ?? generateKeyPairSync('rsa', { modulusLength: 2048 })
  const algorithm = sequence(objectId('1.2.840.113549.1.1.11'), der(0x05))
  const basicConstraints = sequence(
    objectId('2.5.29.19'),
    der(0x01, Buffer.of(0xff)),
    der(0x04, authority ? sequence(der(0x01, Buffer.of(0xff))) : sequence()),
  )
  const content = sequence(
    der(0xa0, integer(2)),
    integer(1),
    algorithm,
    commonName(issuer?.name ?? name),
    sequence(time(from), time(until)),
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(basicConstraints)),
  )
  const signature = sign('sha256', content, issuer?.privateKey ?? privateKey)
  return { name, privateKey, pem: pemOf(sequence(content, algorithm, bitString(signature))) }
}

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(objectId('2.5.4.3'), text(name))))
}

function pemOf(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
