import { defineErrors } from '@exprsn/core'

/** What goes wrong with fences in PostGIS. */
export const postgisErrors = defineErrors({
  GEO_POSTGIS_DATABASE: {
    message: 'Fences cannot be kept in this database: its dialect is {dialect}.',
    help: 'Give a postgresDatabase of @exprsn/core/drivers/postgres whose server has the PostGIS extension.',
  },
  GEO_POSTGIS_INVALID: {
    message: 'The fence {id} is not valid: {reason}.',
    help: "Mend its geometry, or let PostGIS repair it by the even-odd rule with invalid: 'repair'.",
    status: 400,
  },
})
