[metadata]
name = portal-$dashed
version = 0.1.0

[options]
packages = portal_$name
install_requires =
    teacher-portal>=$this,<$next

[options.package_data]
portal_$name =
    migrations/*.py
    templates/**
    translations/**

[options.entry_points]
portal.plugins =
    $name = portal_$name
