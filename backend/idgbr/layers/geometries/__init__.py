"""Geometries as WKB whose types pyogrio or GEOS does not know: arcs in collections, surfaces in space."""
