import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with databases, the same on every engine. */
export const databaseErrors = defineErrors({
  CORE_DATABASE_OPEN: {
    message: 'The database {target} cannot be opened: {reason}.',
    help: 'Check that the folder exists and that this user may read and write it.',
  },
  CORE_DATABASE_OPTIONS: {
    message: 'The database options are not usable: {reason}.',
    help: 'Pass exactly one of the sources that the factory documents, with values of the documented types.',
  },
  CORE_DATABASE_CLOSED: {
    message: 'The database is closed.',
    help: 'Create a new one, or close it only after its last use.',
  },
  CORE_DATABASE_STATEMENT: {
    message: 'The statement failed: {reason}.',
    help: 'Compare the statement with the schema; the details hold the engine’s own code.',
  },
  CORE_DATABASE_STATEMENT_COUNT: {
    message: 'A query holds one statement, not {count}.',
    help: 'Send statements one by one, inside a transaction when they belong together.',
    status: 400,
  },
  CORE_DATABASE_PLACEHOLDER: {
    message: 'The statement’s placeholders are not usable: {reason}.',
    help: 'Write placeholders as $1, $2, … without gaps and pass one value for each.',
    status: 400,
  },
  CORE_DATABASE_VALUE: {
    message: 'The value of {placeholder} cannot be bound: {reason}.',
    help: 'Pass text, a finite number, a bigint of 64 bits, a boolean, a Date, bytes or null; pass objects as JSON text.',
    status: 400,
  },
  CORE_DATABASE_CONFLICT: {
    message: 'A row with the same key exists already ({constraint}).',
    help: 'Use "on conflict", or treat it as done already.',
    status: 409,
  },
  CORE_DATABASE_CONSTRAINT: {
    message: 'The row breaks the {kind} constraint {constraint}.',
    help: 'Correct the values; the details name the constraint.',
    status: 422,
  },
  CORE_DATABASE_BUSY: {
    message: 'The database is busy: {reason}.',
    help: 'Try again; if it lasts, look for long transactions in other processes or raise the busy timeout.',
    retryable: true,
    status: 503,
  },
  CORE_DATABASE_SERIALIZATION: {
    message: 'The transaction met a concurrent one and was rolled back: {reason}.',
    help: 'Run the whole transaction again.',
    retryable: true,
    status: 503,
  },
  CORE_DATABASE_TIMEOUT: {
    message: 'The server cancelled the statement: {reason}.',
    help: 'Make the statement faster, or raise statement_timeout.',
    retryable: true,
    status: 503,
  },
  CORE_DATABASE_FULL: {
    message: 'The database has no room left: {reason}.',
    help: 'Free space on its disk.',
    status: 507,
  },
  CORE_DATABASE_CORRUPT: {
    message: 'The database file {target} is damaged or not a database: {reason}.',
    help: 'Restore it from a backup; check that the path names the right file.',
  },
  CORE_DATABASE_READONLY: {
    message: 'The database does not accept writes: {reason}.',
    help: 'Check the permissions of the file and its folder, or connect to the primary server.',
  },
  CORE_DATABASE_ACCESS: {
    message: 'The database refused access: {reason}.',
    help: 'Check user, password and rights.',
  },
  CORE_DATABASE_MISSING: {
    message: 'The database does not exist on the server: {reason}.',
    help: 'Create it, or correct the name in the connection.',
  },
  CORE_DATABASE_UNREACHABLE: {
    message: 'The database server cannot be reached: {reason}.',
    help: 'Check that it runs, and the host, port or socket folder in the connection.',
    retryable: true,
    status: 503,
  },
  CORE_DATABASE_CONNECTION_LOST: {
    message: 'The connection to the database broke: {reason}.',
    help: 'Nothing of this call was kept; run it again.',
    retryable: true,
    status: 503,
  },
  CORE_DATABASE_OUTCOME_UNKNOWN: {
    message: 'The connection broke before the server confirmed the change: {reason}.',
    help: 'Read back whether it took effect before running it again.',
    status: 503,
  },
  CORE_DATABASE_DRIVER_MISSING: {
    message: 'The npm package "{package}" is not installed.',
    help: 'Run: npm i pg',
  },
  CORE_DATABASE_TRANSACTION_STATEMENT: {
    message: 'A query may not control transactions with "{verb}".',
    help: 'Use database.transaction(…), and tx.transaction(…) for a savepoint.',
    status: 400,
  },
  CORE_DATABASE_TRANSACTION_OUTSIDE: {
    message: 'The database itself was used inside one of its transactions.',
    help: 'Use the tx that the transaction’s callback received: only it sees and joins the transaction.',
  },
  CORE_DATABASE_TRANSACTION_INNER: {
    message: 'The outer transaction was used inside a nested one.',
    help: 'Use the tx that the inner callback received.',
  },
  CORE_DATABASE_TRANSACTION_ENDED: {
    message: 'The transaction has ended.',
    help: 'Await every statement inside the callback, and do not keep tx beyond it.',
  },
  CORE_DATABASE_TRANSACTION_ABORTED: {
    message: 'The transaction was rolled back because one of its statements failed: {reason}.',
    help: 'Let the first error pass, or put a statement that may fail into a nested transaction.',
  },
  CORE_DATABASE_NAME: {
    message: '"{name}" cannot be a {kind}.',
    help: 'Use up to 40 letters, digits and underscores, not starting with a digit.',
    status: 400,
  },
  CORE_DATABASE_MIGRATION_INVALID: {
    message: 'The migrations cannot be used: {reason}.',
    help: 'Give every set a name of its own, and every migration in it an id of its own and at least one statement.',
  },
  CORE_DATABASE_MIGRATION_CHANGED: {
    message: 'The migration {set}/{id} was changed after it had been applied.',
    help: 'Restore its text, and put the change into a new migration at the end of the set.',
  },
  CORE_DATABASE_MIGRATION_ORDER: {
    message: 'The migration {set}/{id} stands before {applied}, which is applied already.',
    help: 'Put new migrations at the end of their set.',
  },
  CORE_DATABASE_MIGRATION_FAILED: {
    message: 'Statement {statement} (line {line}) of the migration {set}/{id} failed: {reason}.',
    help: 'Nothing of this migration was kept; correct it and run again.',
  },
})
