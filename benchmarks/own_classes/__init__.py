"""Own-class models against random forests, by place: few polygons of one place, tested on others."""
