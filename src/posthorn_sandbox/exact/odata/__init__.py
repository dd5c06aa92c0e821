"""The part of OData v2 that Exact Online speaks: fields, filters, query options, answers."""
