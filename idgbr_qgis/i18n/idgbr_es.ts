<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
    <context>
        <name>IDGBR</name>
        <message>
            <location filename="idgbr_qgis/core/area.py" />
            <source>Nothing is selected in {layer}; select polygons or choose another area.</source>
            <translation>No hay nada seleccionado en {layer}; seleccione polígonos o elija otra zona.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/area.py" />
            <source>The area is empty; draw a rectangle on the image.</source>
            <translation>La zona está vacía; dibuje un rectángulo sobre la imagen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/area.py" />
            <source>The area holds no polygons; choose another one.</source>
            <translation>La zona no contiene polígonos; elija otra.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend speaks protocol {theirs}, this plugin {ours}: update the IDGBR plugin.</source>
            <translation>El motor habla el protocolo {theirs} y este complemento el {ours}: actualice el complemento IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend speaks protocol {theirs}, this plugin {ours}: update the backend.</source>
            <translation>El motor habla el protocolo {theirs} y este complemento el {ours}: actualice el motor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend did not answer within {seconds:.0f} s; test it in Settings ▸ Options ▸ IDGBR.</source>
            <translation>El motor no respondió en {seconds:.0f} s; pruébelo en Configuración ▸ Opciones ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <location filename="idgbr_qgis/core/layers.py" />
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>Cancelled.</source>
            <translation>Cancelado.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>Cancelled; the backend did not stop by itself and was ended.</source>
            <translation>Cancelado; el motor no se detuvo por sí mismo y se le puso fin.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend crashed (signal {code}).</source>
            <translation>El motor falló de forma inesperada (señal {code}).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend ended with exit status {code}.</source>
            <translation>El motor terminó con el estado de salida {code}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend could not be started: {program}: {reason}; check Settings ▸ Options ▸ IDGBR.</source>
            <translation>No se pudo iniciar el motor: {program}: {reason}; revise Configuración ▸ Opciones ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/chosen_features.py" />
            <source>Nothing is selected in {layer}; select polygons, or take all of them.</source>
            <translation>No hay nada seleccionado en {layer}; seleccione polígonos o tómelos todos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/estimate.py" />
            <source>{layer} would have to be fetched with {n} million pixels, which is too much; choose a smaller area.</source>
            <translation>Habría que descargar {layer} con {n} millones de píxeles, y es demasiado; elija una zona más pequeña.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/estimate.py" />
            <source>The place of {layer} on the ground is not known; check its coordinate system.</source>
            <translation>No se conoce la posición de {layer} sobre el terreno; revise su sistema de coordenadas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>The extent does not overlap the raster {layer}; draw it on the raster.</source>
            <translation>La extensión no se superpone con el ráster {layer}; dibújela sobre el ráster.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>The extent is empty; draw a rectangle on the raster.</source>
            <translation>La extensión está vacía; dibuje un rectángulo sobre el ráster.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>The extent cannot be transformed to {crs}; draw it on the raster.</source>
            <translation>La extensión no se puede transformar a {crs}; dibújela sobre el ráster.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>{layer} has no coordinate system.</source>
            <translation>{layer} no tiene sistema de coordenadas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>{path} is open in another program; close it there, or choose another file.</source>
            <translation>{path} está abierto en otro programa; ciérrelo allí o elija otro archivo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>{path} cannot be written: it is open in another program, or protected; choose another file.</source>
            <translation>No se puede escribir {path}: está abierto en otro programa o protegido; elija otro archivo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>Choose the class raster or polygon layer to refine.</source>
            <translation>Elija el ráster de clases o la capa de polígonos que se va a refinar.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>The image and the layer to refine are the same; choose another one.</source>
            <translation>La imagen y la capa que se va a refinar son la misma; elija otra.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>Choose another image for the later date.</source>
            <translation>Elija otra imagen para la fecha posterior.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>Another job in the queue writes {path}; choose another file.</source>
            <translation>Otro trabajo de la cola escribe {path}; elija otro archivo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>{path} is open in this project as {layer}; choose another file, or remove the layer.</source>
            <translation>{path} está abierto en este proyecto como {layer}; elija otro archivo o quite la capa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <source>Waiting</source>
            <translation>En espera</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Cancelling…</source>
            <translation>Cancelando…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <location filename="idgbr_qgis/gui/health_line.py" />
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Starting the backend…</source>
            <translation>Iniciando el motor…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <source>The job failed; its log says more.</source>
            <translation>El trabajo ha fallado; su registro dice más.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <source>The algorithm {name} is not there; enable IDGBR in the plugin manager.</source>
            <translation>El algoritmo {name} no está disponible; active IDGBR en el administrador de complementos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layer_settings.py" />
            <source>{layer}: bands {bands} are read as red, green and blue, as set in QGIS for the layer.</source>
            <translation>{layer}: las bandas {bands} se leen como rojo, verde y azul, según lo definido en QGIS para la capa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layer_settings.py" />
            <source>{layer}: band {band} is read, as set in QGIS for the layer.</source>
            <translation>{layer}: se lee la banda {band}, según lo definido en QGIS para la capa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer}: nodata as set in QGIS for the layer: {value}.</source>
            <translation>{layer}: valor sin datos según lo configurado en QGIS para la capa: {value}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>Exporting {layer}: {columns} × {rows} pixels.</source>
            <translation>Exportando {layer}: {columns} × {rows} píxeles.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The raster {layer} cannot be exported to {path}: {reason}</source>
            <translation>El ráster {layer} no se puede exportar a {path}: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer} gave no picture here{reason}; check the connection, or choose an area that it covers.</source>
            <translation>{layer} no ha dado ninguna imagen aquí{reason}; revise la conexión o elija una zona que la capa cubra.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer}: {n} parts could not be fetched{reason}; the result has holes there.</source>
            <translation>{layer}: no se pudieron descargar {n} partes{reason}; el resultado tiene huecos ahí.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The layer {layer} cannot be written: {reason}</source>
            <translation>No se puede escribir la capa {layer}: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer}: {n} of {total} features are chosen.</source>
            <translation>{layer}: se toman {n} de {total} objetos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer} has to be exported, and {columns} × {rows} pixels are too many; choose a smaller extent.</source>
            <translation>Hay que exportar {layer}, y {columns} × {rows} píxeles son demasiados; elija una extensión menor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The mask holds no polygons; select some or leave the mask out.</source>
            <translation>La máscara no contiene polígonos; seleccione algunos o prescinda de la máscara.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The layer {layer} has no polygons; choose a polygon layer.</source>
            <translation>La capa {layer} no tiene polígonos; elija una capa de polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The mask cannot be transformed to {crs}.</source>
            <translation>La máscara no se puede transformar a {crs}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The raster {layer} cannot be read by GDAL.</source>
            <translation>GDAL no puede leer el ráster {layer}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The raster {layer} cannot be exported.</source>
            <translation>El ráster {layer} no se puede exportar.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The mask cannot be written: {reason}</source>
            <translation>No se puede escribir la máscara: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Version {version}, licence {licence}</source>
            <translation>Versión {version}, licencia {licence}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>All files are sound.</source>
            <translation>Todos los archivos están en orden.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>8-bit values as they are, others by the range of the area</source>
            <translation>Los valores de 8 bits tal como están; los demás, según el rango de la zona</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Takes the first {n} bands of the image</source>
            <translation>Toma las primeras {n} bandas de la imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Made for pixels of {low}–{high} m</source>
            <translation>Hecho para píxeles de {low}–{high} m</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Takes the bands {bands} of the image</source>
            <translation>Toma las bandas {bands} de la imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Values from {low} to {high}</source>
            <translation>Valores de {low} a {high}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>; standardized by mean {mean} and deviation {std}</source>
            <translation>; estandarizados con media {mean} y desviación {std}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>this image has {size} m, too coarse for details</source>
            <translation>esta imagen tiene {size} m, demasiado gruesa para los detalles</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>; this image has {size} m</source>
            <translation>; esta imagen tiene {size} m</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Accuracy on {data}</source>
            <translation>Exactitud en {data}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>; this image has {size} m and is read coarser</source>
            <translation>; esta imagen tiene {size} m y se lee con menos detalle</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/models.py" />
            <source>Choose a model.</source>
            <translation>Elija un modelo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/models.py" />
            <source>There is no model {model}; check its path.</source>
            <translation>No existe el modelo {model}; revise su ruta.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The algorithms are not there; enable IDGBR in the plugin manager.</source>
            <translation>Los algoritmos no están disponibles; active IDGBR en el administrador de complementos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The backend's preview cannot be read; set the backend up again.</source>
            <translation>No se puede leer la vista previa del motor; vuelva a instalar el motor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The preview cannot be shown in the map's coordinate system.</source>
            <translation>La vista previa no se puede mostrar en el sistema de coordenadas del mapa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The map shows nothing of {layer}; go to it first.</source>
            <translation>El mapa no muestra nada de {layer}; vaya primero allí.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Class number</source>
            <translation>Número de clase</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Class</source>
            <translation>Clase</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Confidence (0–1)</source>
            <translation>Confianza (0–1)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Area (m²)</source>
            <translation>Área (m²)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Perimeter (m)</source>
            <translation>Perímetro (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Boundary moved by (m)</source>
            <translation>Desplazamiento del límite (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Uncertainty of the boundary (0–1)</source>
            <translation>Incertidumbre del límite (0–1)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Model {model}, version {version}, licence: {licence}</source>
            <translation>Modelo {model}, versión {version}, licencia: {licence}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>IDGBR – {layer} – {time}</source>
            <translation>IDGBR – {layer} – {time}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{path} was not written by IDGBR and stays</source>
            <translation>{path} no fue escrito por IDGBR y se conserva</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>confidence</source>
            <translation>confianza</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>boundary moved by</source>
            <translation>límite desplazado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>boundary uncertain by</source>
            <translation>límite incierto en un</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{when}: {algorithm}, IDGBR plugin {plugin}, backend {backend}</source>
            <translation>{when}: {algorithm}, complemento IDGBR {plugin}, motor {backend}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Parameters: {values}</source>
            <translation>Parámetros: {values}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Result of {algorithm}</source>
            <translation>Resultado de {algorithm}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{path} has no layer</source>
            <translation>{path} no contiene ninguna capa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Device: {device}</source>
            <translation>Dispositivo: {device}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{path} cannot be opened</source>
            <translation>{path} no se puede abrir</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>{layer} cannot be edited; save it as a GeoPackage first.</source>
            <translation>{layer} no se puede editar; guárdela antes como GeoPackage.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>rejected</source>
            <translation>rechazado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>accepted</source>
            <translation>aceptado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>Accept polygon</source>
            <translation>Aceptar polígono</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>Reject polygon</source>
            <translation>Rechazar polígono</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>{layer} has no polygons left to review.</source>
            <translation>En {layer} no quedan polígonos por revisar.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>Set it up again: Plugins ▸ IDGBR ▸ Set up backend….</source>
            <translation>Instálelo de nuevo: Complementos ▸ IDGBR ▸ Instalar el motor….</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The backend's Python {path} was not found; choose it in Settings ▸ Options ▸ IDGBR, or set the backend up again: Plugins ▸ IDGBR ▸ Set up backend….</source>
            <translation>No se encontró el Python del motor {path}; elíjalo en Configuración ▸ Opciones ▸ IDGBR o instale el motor de nuevo: Complementos ▸ IDGBR ▸ Instalar el motor….</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The backend command must be a JSON list of texts, such as ["ssh", "host", "idgbr", "worker"].</source>
            <translation>La orden del motor debe ser una lista JSON de textos, como ["ssh", "host", "idgbr", "worker"].</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The backend command {program} was not found; correct it in Settings ▸ Options ▸ IDGBR.</source>
            <translation>No se encontró la orden del motor {program}; corríjala en Configuración ▸ Opciones ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The IDGBR backend is not set up: choose Plugins ▸ IDGBR ▸ Set up backend….</source>
            <translation>El motor de IDGBR no está instalado: elija Complementos ▸ IDGBR ▸ Instalar el motor….</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The proxy cannot be reached.</source>
            <translation>No se puede acceder al proxy.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Check Settings ▸ Options ▸ Network in QGIS (host, port, and whether a proxy is needed here at all), then try again: what was downloaded is kept. Or set up from a folder of wheels.</source>
            <translation>Revise Configuración ▸ Opciones ▸ Red en QGIS (servidor, puerto y si aquí hace falta un proxy) y vuelva a intentarlo: lo descargado se conserva. O instale desde una carpeta de wheels.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The proxy asks for a user name and password.</source>
            <translation>El proxy pide un nombre de usuario y una contraseña.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Enter them in Settings ▸ Options ▸ Network in QGIS. A proxy that wants a Windows login (NTLM, Kerberos) cannot be used directly: ask your administrator for one that takes a password, or use a folder of wheels.</source>
            <translation>Introdúzcalos en Configuración ▸ Opciones ▸ Red en QGIS. Un proxy que exige un inicio de sesión de Windows (NTLM, Kerberos) no se puede usar directamente: pida a su administrador uno que acepte contraseña o use una carpeta de wheels.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The secure connection is not trusted: on this network, a device probably opens and re-signs it.</source>
            <translation>La conexión segura no es de confianza: probablemente un dispositivo de esta red la abre y la vuelve a firmar.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Ask your administrator for the certificate of that authority and add it in Settings ▸ Options ▸ Authentication ▸ Manage certificates in QGIS, or name its file in pip's own configuration (cert). Check the clock of the computer too.</source>
            <translation>Pida a su administrador el certificado de esa autoridad y añádalo en QGIS en Configuración ▸ Opciones ▸ Autenticación ▸ Administrar certificados, o indique su archivo en la configuración de pip (cert). Compruebe también el reloj del equipo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The package index cannot be reached, or the connection was cut.</source>
            <translation>No se puede acceder al índice de paquetes, o se cortó la conexión.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Check the connection and try again: what was downloaded is kept. Without a network, prepare a folder of wheels on another computer and choose it here.</source>
            <translation>Revise la conexión y vuelva a intentarlo: lo descargado se conserva. Sin red, prepare una carpeta de wheels en otro equipo y elíjala aquí.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The disk is full.</source>
            <translation>El disco está lleno.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Free some space or choose a folder on a larger disk, then try again: what was downloaded is kept.</source>
            <translation>Libere espacio o elija una carpeta en un disco mayor y vuelva a intentarlo: lo descargado se conserva.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Another program holds a file: an antivirus scanner, or a QGIS that uses the backend.</source>
            <translation>Otro programa retiene un archivo: un antivirus o un QGIS que usa el motor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Close other QGIS windows and try again. If it happens again, have the folder of the backend excluded from the antivirus scan.</source>
            <translation>Cierre las demás ventanas de QGIS y vuelva a intentarlo. Si se repite, haga excluir la carpeta del motor del análisis del antivirus.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>A file or folder may not be written.</source>
            <translation>No se permite escribir en un archivo o una carpeta.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Choose a folder that is yours. If it is, have it excluded from the antivirus scan or from controlled folder access.</source>
            <translation>Elija una carpeta que sea suya. Si ya lo es, hágala excluir del análisis del antivirus o del acceso controlado a carpetas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>A path became too long for Windows.</source>
            <translation>Una ruta resultó demasiado larga para Windows.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Choose a folder with a short path, such as C:\idgbr, or have long paths enabled.</source>
            <translation>Elija una carpeta con una ruta corta, como C:\idgbr, o haga activar las rutas largas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>There is no ready-made package for this Python on this system.</source>
            <translation>No hay ningún paquete preparado para este Python en este sistema.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Choose another Python, best 3.11 or 3.12 with 64 bits. A folder of wheels must be made for the same Python version and system.</source>
            <translation>Elija otro Python, preferiblemente 3.11 o 3.12 de 64 bits. La carpeta de wheels debe estar hecha para la misma versión de Python y el mismo sistema.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The folder of wheels is not complete.</source>
            <translation>La carpeta de wheels no está completa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Make it anew with this version of the plugin, on a computer with the same system and the same Python version: python idgbr_qgis/core/setup download FOLDER.</source>
            <translation>Hágala de nuevo con esta versión del complemento, en un equipo con el mismo sistema y la misma versión de Python: python idgbr_qgis/core/setup download FOLDER.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>A downloaded package is not the one that was tested, and was refused.</source>
            <translation>Un paquete descargado no es el que se probó y ha sido rechazado.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Try again. If it happens again, the mirror or proxy changes packages: ask your administrator, and do not install such a package by other means.</source>
            <translation>Vuelva a intentarlo. Si se repite, el servidor espejo o el proxy cambia los paquetes: consulte a su administrador y no instale ese paquete por otros medios.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>No suitable Python was found.</source>
            <translation>No se encontró ningún Python adecuado.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Install Python 3.12 (64 bits), or the program uv, which fetches one by itself; then try again.</source>
            <translation>Instale Python 3.12 (64 bits) o el programa uv, que consigue uno por sí mismo; después vuelva a intentarlo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>This Python cannot make environments: its module venv or ensurepip is missing.</source>
            <translation>Este Python no puede crear entornos: le falta el módulo venv o ensurepip.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>On Debian and Ubuntu: sudo apt install python3-venv. Elsewhere choose another Python, or install uv.</source>
            <translation>En Debian y Ubuntu: sudo apt install python3-venv. En otros sistemas, elija otro Python o instale uv.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The GPU cannot be used.</source>
            <translation>No se puede usar la GPU.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Install or update the NVIDIA driver and restart the computer, or choose the CPU.</source>
            <translation>Instale o actualice el controlador de NVIDIA y reinicie el equipo, o elija la CPU.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>All is installed, but a library cannot be loaded.</source>
            <translation>Todo está instalado, pero no se puede cargar una biblioteca.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>On Windows, install the Microsoft Visual C++ Redistributable (x64). On Linux, the system may be too old for these packages (glibc 2.28 is needed).</source>
            <translation>En Windows, instale Microsoft Visual C++ Redistributable (x64). En Linux, el sistema puede ser demasiado antiguo para estos paquetes (hace falta glibc 2.28).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Another QGIS window, or a command line, is setting up the backend.</source>
            <translation>Otra ventana de QGIS, o una línea de órdenes, está instalando el motor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Wait until it is done, or cancel it there.</source>
            <translation>Espere a que termine o cancélelo allí.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Start again at any time: what was downloaded is kept.</source>
            <translation>Empiece de nuevo cuando quiera: lo descargado se conserva.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The set-up failed.</source>
            <translation>La instalación ha fallado.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Look at the details; Copy diagnostics gives a report without names or passwords for a question to others.</source>
            <translation>Mire los detalles; «Copiar diagnóstico» da un informe sin nombres ni contraseñas para consultar a otras personas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Making the environment</source>
            <translation>Creando el entorno</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Downloading</source>
            <translation>Descargando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Installing</source>
            <translation>Instalando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Starting the backend for the first time</source>
            <translation>Iniciando el motor por primera vez</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/plan.py" />
            <source>CPU</source>
            <translation>CPU</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/plan.py" />
            <source>NVIDIA GPU (CUDA 13)</source>
            <translation>GPU NVIDIA (CUDA 13)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/plan.py" />
            <source>NVIDIA GPU (CUDA 12)</source>
            <translation>GPU NVIDIA (CUDA 12)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>The backend's environment was removed.</source>
            <translation>El entorno del motor fue eliminado.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>The Python that the backend was based on was removed or replaced by another version.</source>
            <translation>El Python en el que se basaba el motor fue eliminado o reemplazado por otra versión.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>This version of the plugin needs other packages than those of the backend.</source>
            <translation>Esta versión del complemento necesita otros paquetes que los del motor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>The set-up of the backend was interrupted.</source>
            <translation>La instalación del motor se interrumpió.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/core/warm_backend.py" />
            <source>Unexpected error: {error}</source>
            <translation>Error inesperado: {error}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Part of the image to work on</source>
            <translation>Parte de la imagen sobre la que se trabaja</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Layer whose polygons, or whose extent, are the area</source>
            <translation>Capa cuyos polígonos, o cuya extensión, son la zona</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Whole image</source>
            <translation>Toda la imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>What the map shows</source>
            <translation>Lo que muestra el mapa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Drawn rectangle</source>
            <translation>Rectángulo dibujado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Drawn polygon</source>
            <translation>Polígono dibujado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Selected polygons</source>
            <translation>Polígonos seleccionados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Layer</source>
            <translation>Capa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Draw a rectangle on the map</source>
            <translation>Dibujar un rectángulo en el mapa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Draw a polygon: right click ends, Backspace takes back</source>
            <translation>Dibujar un polígono: clic derecho termina, Retroceso quita el último punto</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>There is no layer for the area; add one or choose another area.</source>
            <translation>No hay ninguna capa para la zona; añada una o elija otra zona.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Draw the area on the map.</source>
            <translation>Dibuje la zona en el mapa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>The backend works: version {backend}, plugin {plugin}.</source>
            <translation>El motor funciona: versión {backend}, complemento {plugin}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>Testing the IDGBR backend</source>
            <translation>Probando el motor de IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>Devices</source>
            <translation>Dispositivos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>{n} GB free</source>
            <translation>{n} GB libres</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>version</source>
            <translation>versión</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Models</source>
            <translation>Modelos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>No models were found; set IDGBR_MODELS to a folder of models.</source>
            <translation>No se encontraron modelos; asigne a IDGBR_MODELS una carpeta de modelos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>about {time}, {memory} GB</source>
            <translation>unos {time}, {memory} GB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>roughly {time}, {memory} GB</source>
            <translation>aproximadamente {time}, {memory} GB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Time and memory; the time is that of earlier jobs on this machine, once there are any</source>
            <translation>Tiempo y memoria; el tiempo es el de trabajos anteriores en este equipo, cuando los haya</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Run</source>
            <translation>Ejecutar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Start in the background, after the jobs that are waiting (Ctrl+Enter)</source>
            <translation>Iniciar en segundo plano, después de los trabajos en espera (Ctrl+Intro)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Review polygons, the doubtful ones first</source>
            <translation>Revisar polígonos, primero los dudosos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Backend and device</source>
            <translation>Motor y dispositivo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Add an image to the project to begin.</source>
            <translation>Añada una imagen al proyecto para empezar.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Run opens a window that asks for classes, time and a name.</source>
            <translation>«Ejecutar» abre una ventana que pide clases, tiempo y un nombre.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>no coordinate system</source>
            <translation>sin sistema de coordenadas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>This task takes the bounding box of the polygons.</source>
            <translation>Esta tarea toma el rectángulo que encierra los polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>{columns} × {rows} px</source>
            <translation>{columns} × {rows} px</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <source>Backend {version} on {device}, {models} models</source>
            <translation>Motor {version} en {device}, {models} modelos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <source>no device</source>
            <translation>ningún dispositivo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <location filename="idgbr_qgis/gui/options.py" />
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>Set up backend…</source>
            <translation>Instalar el motor…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <source>The backend was not asked.</source>
            <translation>No se consultó al motor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Run again</source>
            <translation>Ejecutar de nuevo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Settings…</source>
            <translation>Configuración…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Draw an area</source>
            <translation>Dibujar una zona</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>A layer of this job has been removed; start a new one.</source>
            <translation>Se ha quitado una capa de este trabajo; inicie uno nuevo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Segment {layer}</source>
            <translation>Segmentar {layer}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Refine on {layer}</source>
            <translation>Refinar sobre {layer}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Detect changes since {layer}</source>
            <translation>Detectar cambios desde {layer}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>{job}: {n} polygons.</source>
            <translation>{job}: {n} polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Show log</source>
            <translation>Mostrar registro</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Open</source>
            <translation>Abrir</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>{layer} does not say its coordinate system. Which is it?</source>
            <translation>{layer} no indica su sistema de coordenadas. ¿Cuál es?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Choose it…</source>
            <translation>Elegirlo…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Zoom to it</source>
            <translation>Acercarse</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Another file…</source>
            <translation>Otro archivo…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Models…</source>
            <translation>Modelos…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>{found} The project it was started in has been closed.</source>
            <translation>{found} Se ha cerrado el proyecto en el que se inició.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Add to this project</source>
            <translation>Añadir a este proyecto</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>the backend</source>
            <translation>el motor</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Zoom to</source>
            <translation>Acercar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Review…</source>
            <translation>Revisar…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>How much time the boundaries are worth</source>
            <translation>Cuánto tiempo merecen los límites</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Find classes with a model, or move the boundaries of a layer you have</source>
            <translation>Encontrar clases con un modelo, o mover los límites de una capa que ya tiene</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Orthophoto or satellite image: a file, a virtual raster or a web map</source>
            <translation>Ortofoto o imagen de satélite: un archivo, un ráster virtual o un mapa web</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Class raster or polygon layer whose boundaries are about right</source>
            <translation>Ráster de clases o capa de polígonos cuyos límites son más o menos correctos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>The same place at a later date, in any coordinate system and resolution</source>
            <translation>El mismo lugar en una fecha posterior, en cualquier sistema de coordenadas y resolución</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Field that holds the class; empty if all polygons are alike</source>
            <translation>Campo que contiene la clase; vacío si todos los polígonos son iguales</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Smaller polygons and holes are merged into what surrounds them</source>
            <translation>Los polígonos y huecos menores se unen a lo que los rodea</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Square right angles</source>
            <translation>Escuadrar ángulos rectos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Make nearly right angles, as of buildings, exactly right</source>
            <translation>Hacer exactamente rectos los ángulos casi rectos, como los de los edificios</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Task</source>
            <translation>Tarea</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/refine.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Image</source>
            <translation>Imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Later image</source>
            <translation>Imagen posterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Class field</source>
            <translation>Campo de clase</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Area</source>
            <translation>Zona</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <location filename="idgbr_qgis/gui/model_widget.py" />
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <location filename="idgbr_qgis/processing/change.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Model</source>
            <translation>Modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Quality</source>
            <translation>Calidad</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Result</source>
            <translation>Resultado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Polygons</source>
            <translation>Polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Minimum area</source>
            <translation>Área mínima</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Segment an image</source>
            <translation>Segmentar una imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Refine a layer's boundaries</source>
            <translation>Refinar los límites de una capa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Detect changes</source>
            <translation>Detectar cambios</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Train a model on your polygons</source>
            <translation>Entrenar un modelo con polígonos propios</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Draft – fastest</source>
            <translation>Borrador – lo más rápido</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Boundaries as the model gives them; one step when refining</source>
            <translation>Límites tal como los da el modelo; al refinar, un solo paso</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Standard – recommended</source>
            <translation>Estándar – recomendado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Refined in the refiner’s own number of steps</source>
            <translation>Refinado con el número de pasos propio del refinador</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Thorough – slowest</source>
            <translation>Minucioso – lo más lento</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Refined in 4 steps: boundaries move farther</source>
            <translation>Refinado en 4 pasos: los límites se desplazan más</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>Add an image to the project first.</source>
            <translation>Añada primero una imagen al proyecto.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_form.py" />
            <source>{layer} cannot be read; repair its source.</source>
            <translation>{layer} no se puede leer; repare su origen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/jobs_widget.py" />
            <source>Cancel this job; nothing half done is left</source>
            <translation>Cancelar este trabajo; no queda nada a medias</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/jobs_widget.py" />
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <location filename="idgbr_qgis/gui/model_widget.py" />
            <source>Models (model.json *.onnx)</source>
            <translation>Modelos (model.json *.onnx)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>Model that says what is where</source>
            <translation>Modelo que dice qué hay en cada lugar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <location filename="idgbr_qgis/gui/model_widget.py" />
            <source>Look for a model's card or an ONNX model</source>
            <translation>Buscar la ficha de un modelo o un modelo ONNX</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>Add, remove and adjust models</source>
            <translation>Añadir, quitar y ajustar modelos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>This model brings no card; what it says is shown when it runs.</source>
            <translation>Este modelo no trae ficha; lo que diga se muestra al ejecutarlo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>One number for each of the {n} bands that the model takes; empty for automatic.</source>
            <translation>Un número por cada una de las {n} bandas que toma el modelo; vacío para automático.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Bands of the image</source>
            <translation>Bandas de la imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Value that becomes 0</source>
            <translation>Valor que pasa a 0</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Empty: 0 for 8 bits, else the lowest of the area</source>
            <translation>Vacío: 0 con 8 bits, si no el menor de la zona</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Value that becomes 1</source>
            <translation>Valor que pasa a 1</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Empty: 255 for 8 bits, else the highest of the area</source>
            <translation>Vacío: 255 con 8 bits, si no el mayor de la zona</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Mean</source>
            <translation>Media</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Taken off afterwards, as the model was trained with</source>
            <translation>Se resta después, como en el entrenamiento del modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Deviation</source>
            <translation>Desviación</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>What is left is divided by it</source>
            <translation>Lo que queda se divide por ella</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Values and bands of {model}</source>
            <translation>Valores y bandas de {model}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Such as {example}</source>
            <translation>Por ejemplo {example}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>IDGBR models</source>
            <translation>Modelos de IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Add folder…</source>
            <translation>Añadir carpeta…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>A folder with a model.json or an ONNX file</source>
            <translation>Una carpeta con un model.json o un archivo ONNX</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Add file…</source>
            <translation>Añadir archivo…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>A zip of a model, or an ONNX file, as of the Deepness model zoo; its data files beside it come along</source>
            <translation>Un zip de un modelo o un archivo ONNX, como los del catálogo de modelos Deepness; sus archivos de datos contiguos se incluyen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Copy…</source>
            <translation>Copiar…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>A copy of your own, which can be adjusted</source>
            <translation>Una copia propia, que se puede ajustar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Adjust…</source>
            <translation>Ajustar…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Values and bands that the model takes</source>
            <translation>Valores y bandas que toma el modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Remove</source>
            <translation>Quitar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Only your own models can be removed</source>
            <translation>Solo se pueden quitar los modelos propios</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Verify</source>
            <translation>Verificar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Hold all files against the sha256 in their cards</source>
            <translation>Comparar todos los archivos con el sha256 de sus fichas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Looking at the models…</source>
            <translation>Revisando los modelos…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Adding the model…</source>
            <translation>Añadiendo el modelo…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Models (*.zip *.onnx)</source>
            <translation>Modelos (*.zip *.onnx)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <location filename="idgbr_qgis/gui/notices.py" />
            <source>Copy</source>
            <translation>Copiar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Id of the copy:</source>
            <translation>Id de la copia:</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>There is a model of this id already. Another id, or none to replace your own:</source>
            <translation>Ya hay un modelo con este id. Otro id, o ninguno para reemplazar el suyo:</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Folder of a model</source>
            <translation>Carpeta de un modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Writing the card…</source>
            <translation>Escribiendo la ficha…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Remove {model} from the disk?</source>
            <translation>¿Quitar {model} del disco?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Removing the model…</source>
            <translation>Quitando el modelo…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Add model</source>
            <translation>Añadir modelo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>The file does not say which pixel size it is made for. In metres:</source>
            <translation>El archivo no dice para qué tamaño de píxel está hecho. En metros:</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/notices.py" />
            <source>Log of {job}</source>
            <translation>Registro de {job}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>The models run in a process of their own, the IDGBR backend, with its own Python. &lt;i&gt;Set up backend…&lt;/i&gt; makes one; or choose the Python of an environment that you made yourself.</source>
            <translation>Los modelos se ejecutan en un proceso propio, el motor de IDGBR, con su propio Python. &lt;i&gt;Instalar el motor…&lt;/i&gt; crea uno; o elija el Python de un entorno que haya creado usted.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Python of the backend</source>
            <translation>Python del motor</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Full command as a JSON list, for a backend elsewhere; goes before the Python.</source>
            <translation>Orden completa como lista JSON, para un motor en otro lugar; tiene prioridad sobre el Python.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>What the algorithms offer first: auto takes the GPU if it can be used.</source>
            <translation>Lo que los algoritmos ofrecen primero: auto toma la GPU si se puede usar.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Test</source>
            <translation>Probar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Test starts the backend and shows its versions, devices and models.</source>
            <translation>La prueba inicia el motor y muestra sus versiones, dispositivos y modelos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Backend Python</source>
            <translation>Python del motor</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Backend command</source>
            <translation>Orden del motor</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Device</source>
            <translation>Dispositivo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Temporary layers</source>
            <translation>Capas temporales</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Temporary layers are gone when QGIS is closed</source>
            <translation>Las capas temporales desaparecen al cerrar QGIS</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Save polygons</source>
            <translation>Guardar polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>File for the polygons</source>
            <translation>Archivo para los polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Layer in it (empty: named after the file)</source>
            <translation>Capa dentro de él (vacío: se llama como el archivo)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>What else the GeoPackage holds stays; a layer of this name is replaced</source>
            <translation>Lo demás que contiene el GeoPackage se conserva; una capa de este nombre se reemplaza</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/base.py" />
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Class raster</source>
            <translation>Ráster de clases</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Class of each pixel on the grid of the image, beside the polygons</source>
            <translation>Clase de cada píxel en la cuadrícula de la imagen, junto a los polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/base.py" />
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Confidence raster</source>
            <translation>Ráster de confianza</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Confidence of each pixel's class, 0 to 1, beside the polygons</source>
            <translation>Confianza de la clase de cada píxel, de 0 a 1, junto a los polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Uncertainty raster</source>
            <translation>Ráster de incertidumbre</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>How doubtful refined boundaries are, 0 to 1, beside the polygons</source>
            <translation>Cuán dudosos son los límites refinados, de 0 a 1, junto a los polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Probability raster</source>
            <translation>Ráster de probabilidad</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Probability that a place has changed, 0 to 1, beside the polygons</source>
            <translation>Probabilidad de que un lugar haya cambiado, de 0 a 1, junto a los polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Open when finished</source>
            <translation>Abrir al terminar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Add the results to the project, in a group of their own</source>
            <translation>Añadir los resultados al proyecto, en un grupo propio</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Name the file for the polygons.</source>
            <translation>Indique el archivo para los polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>There is no folder {path}.</source>
            <translation>No existe la carpeta {path}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Show on the map what the job would give of the part that is seen, at most 1024 × 1024 px</source>
            <translation>Mostrar en el mapa lo que daría el trabajo en la parte visible, como máximo 1024 × 1024 px</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Show the preview</source>
            <translation>Mostrar la vista previa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Clear the preview</source>
            <translation>Borrar la vista previa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Cancel preview</source>
            <translation>Cancelar la vista previa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Preview here</source>
            <translation>Vista previa aquí</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>coarse</source>
            <translation>grueso</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>refined</source>
            <translation>refinado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Made in {seconds:.1f} s</source>
            <translation>Hecho en {seconds:.1f} s</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>confidence {value:.2f}</source>
            <translation>confianza {value:.2f}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>moved by {value:.2f} m</source>
            <translation>desplazado {value:.2f} m</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>IDGBR review</source>
            <translation>Revisión de IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Polygons with the field confidence or moved_m</source>
            <translation>Polígonos con el campo confidence o moved_m</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Begin</source>
            <translation>Empezar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>The layer is put into editing; nothing is saved until you save it</source>
            <translation>La capa pasa a edición; no se guarda nada hasta que usted lo guarde</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>First</source>
            <translation>Primero</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Least confident</source>
            <translation>Menor confianza</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Most moved</source>
            <translation>Mayor desplazamiento</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Polygon {n} of {count}</source>
            <translation>Polígono {n} de {count}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>{accepted} accepted, {rejected} rejected</source>
            <translation>{accepted} aceptados, {rejected} rechazados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Accept</source>
            <translation>Aceptar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>It is right</source>
            <translation>Es correcto</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Reject</source>
            <translation>Rechazar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Take it away</source>
            <translation>Quitarlo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Edit</source>
            <translation>Editar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Select it and take the vertex tool</source>
            <translation>Seleccionarlo y tomar la herramienta de vértices</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Back</source>
            <translation>Atrás</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Go to the one before</source>
            <translation>Ir al anterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Next</source>
            <translation>Siguiente</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Leave it and go on</source>
            <translation>Dejarlo y seguir</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Undo</source>
            <translation>Deshacer</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Take back the last decision</source>
            <translation>Anular la última decisión</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Steps through the polygons, the doubtful ones first.</source>
            <translation>Recorre los polígonos, primero los dudosos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Choose a polygon layer with the field confidence or moved_m.</source>
            <translation>Elija una capa de polígonos con el campo confidence o moved_m.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/selected_only.py" />
            <source>Selected features only</source>
            <translation>Solo los objetos seleccionados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Set up the IDGBR backend</source>
            <translation>Instalar el motor de IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Set up</source>
            <translation>Instalar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Copy diagnostics</source>
            <translation>Copiar diagnóstico</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Cancel set-up</source>
            <translation>Cancelar la instalación</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Close</source>
            <translation>Cerrar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>What will be installed</source>
            <translation>Qué se va a instalar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Setting up</source>
            <translation>Instalando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Copied</source>
            <translation>Copiado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>QGIS can be used meanwhile. What is downloaded is kept, whatever happens.</source>
            <translation>Mientras tanto se puede usar QGIS. Lo descargado se conserva, pase lo que pase.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>less than a minute left</source>
            <translation>queda menos de un minuto</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>A backend command is set in Settings ▸ Options ▸ IDGBR and goes first; empty it to use this one.</source>
            <translation>Hay una orden del motor en Configuración ▸ Opciones ▸ IDGBR que tiene prioridad; vacíela para usar este.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>The backend is ready</source>
            <translation>El motor está listo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Cancelled</source>
            <translation>Cancelado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>The backend could not be set up</source>
            <translation>No se pudo instalar el motor</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Go on in the background</source>
            <translation>Seguir en segundo plano</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>about {n} min left</source>
            <translation>quedan unos {n} min</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>The algorithms are in the Processing toolbox under IDGBR.</source>
            <translation>Los algoritmos están en la caja de herramientas de Procesos, en IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>{done} of {total} MB</source>
            <translation>{done} de {total} MB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Device: {names}</source>
            <translation>Dispositivo: {names}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Python: {path}</source>
            <translation>Python: {path}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Models: {names}</source>
            <translation>Modelos: {names}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>The models need the IDGBR backend, which is not set up yet.</source>
            <translation>Los modelos necesitan el motor de IDGBR, que aún no está instalado.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>The backend is ready.</source>
            <translation>El backend está listo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>Set it up again.</source>
            <translation>Instálelo de nuevo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>; &lt;b&gt;{installed}&lt;/b&gt; are needed in the folder, {free} are free there.</source>
            <translation>; hacen falta &lt;b&gt;{installed}&lt;/b&gt; en la carpeta, donde hay {free} libres.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>The models run in a program of their own, the backend, in a Python environment of its own. &lt;b&gt;Nothing is installed into the Python of QGIS&lt;/b&gt; or of the system.</source>
            <translation>Los modelos se ejecutan en un programa propio, el motor, en un entorno de Python propio. &lt;b&gt;No se instala nada en el Python de QGIS&lt;/b&gt; ni en el del sistema.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>empty: download them</source>
            <translation>vacío: descargarlos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>To work without a network: a folder that was filled by the command of the documentation</source>
            <translation>Para trabajar sin red: una carpeta llenada con la orden de la documentación</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Based on</source>
            <translation>Basado en</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Folder</source>
            <translation>Carpeta</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Folder of wheels</source>
            <translation>Carpeta de wheels</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Looking for Python and a GPU…</source>
            <translation>Buscando Python y una GPU…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Another Python…</source>
            <translation>Otro Python…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>No Python 3.10 or newer was found. Install Python 3.12 (64 bits) or uv, or choose one above.</source>
            <translation>No se encontró Python 3.10 ni posterior. Instale Python 3.12 (64 bits) o uv, o elija uno arriba.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>About &lt;b&gt;{download}&lt;/b&gt; are downloaded from the package index that pip is configured for</source>
            <translation>Se descargan unos &lt;b&gt;{download}&lt;/b&gt; del índice de paquetes configurado en pip</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Nothing is downloaded</source>
            <translation>No se descarga nada</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>No NVIDIA driver was found. The CPU works everywhere; a GPU is many times faster.</source>
            <translation>No se encontró ningún controlador de NVIDIA. La CPU sirve en todas partes; una GPU es muchas veces más rápida.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>{gpu} is too old: with driver {needed} or newer, the GPU could be used.</source>
            <translation>{gpu} es demasiado antiguo: con el controlador {needed} o posterior se podría usar la GPU.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>An update of QGIS may remove it; then the backend must be set up again.</source>
            <translation>Una actualización de QGIS puede eliminarlo; entonces habrá que instalar el motor de nuevo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>{n} MB</source>
            <translation>{n} MB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Python 3.10 or newer</source>
            <translation>Python 3.10 o posterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>The packages were not tested with this version; 3.10 to 3.13 are better.</source>
            <translation>Los paquetes no se probaron con esta versión; de 3.10 a 3.13 es mejor.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>It cannot make environments: install the package python3-venv first.</source>
            <translation>No puede crear entornos: instale antes el paquete python3-venv.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>{n} GB</source>
            <translation>{n} GB</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>of QGIS</source>
            <translation>de QGIS</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>driver</source>
            <translation>controlador</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Python {version}, fetched by uv</source>
            <translation>Python {version}, conseguido por uv</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>That is too little: free some space.</source>
            <translation>Es muy poco: libere espacio.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_task.py" />
            <source>Looking for Python and a GPU</source>
            <translation>Buscando Python y una GPU</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_task.py" />
            <source>Setting up the IDGBR backend</source>
            <translation>Instalando el motor de IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>IDGBR panel</source>
            <translation>Panel de IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>Segment images and refine boundaries with IDGBR</source>
            <translation>Segmentar imágenes y refinar límites con IDGBR</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>IDGBR models…</source>
            <translation>Modelos de IDGBR…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>IDGBR settings…</source>
            <translation>Configuración de IDGBR…</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Segmentation</source>
            <translation>Segmentación</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Minimum area (m²)</source>
            <translation>Área mínima (m²)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Simplification (pixels)</source>
            <translation>Simplificación (píxeles)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Smaller polygons and holes are merged into what surrounds them.</source>
            <translation>Los polígonos y huecos menores se unen a lo que los rodea.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>How far a boundary may lie from the one in the class raster; 0 keeps every pixel step.</source>
            <translation>Cuánto puede apartarse un límite del que tiene el ráster de clases; 0 conserva cada escalón de píxel.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Make nearly right angles, as of buildings, exactly right.</source>
            <translation>Hacer exactamente rectos los ángulos casi rectos, como los de los edificios.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Diffusion steps: with more, boundaries move farther, and it takes longer. 0 takes the refiner’s own number.</source>
            <translation>Pasos de difusión: con más, los límites se desplazan más y se tarda más. 0 toma el número propio del refinador.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>How many times the refiner looks at each place, turned and mirrored, to tell how uncertain boundaries are: each takes as long as the refinement. 1 costs nothing, 4 rank errors a little better; polygons get the field uncertain. 0: none, or 1 for the uncertainty raster.</source>
            <translation>Cuántas veces mira el refinador cada lugar, girado y reflejado, para decir cuán inciertos son los límites: cada una tarda tanto como el refinado. 1 no cuesta nada, 4 ordenan los errores algo mejor; los polígonos reciben el campo uncertain. 0: ninguna, o 1 para el ráster de incertidumbre.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>What to do at a block of the image that cannot be read: stop and say where it is, or take it for nodata. A job that stopped goes on from there with the other choice.</source>
            <translation>Qué hacer con un bloque de la imagen que no se puede leer: detenerse y decir dónde está, o tomarlo como nodata. Un trabajo que se detuvo sigue desde ahí con la otra opción.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>auto takes the GPU if it can be used; cpu, cuda or cuda:1 insist on a device and fail without it.</source>
            <translation>auto toma la GPU si se puede usar; cpu, cuda o cuda:1 exigen un dispositivo y fallan sin él.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>How likely each pixel is of another class than it got, in the eyes of the refiner, 0 to 1, as GeoTIFF; 0 beyond the band along boundaries.</source>
            <translation>Cuán probable es que cada píxel sea de otra clase que la recibida, a juicio del refinador, de 0 a 1, como GeoTIFF; 0 fuera de la banda a lo largo de los límites.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Polygons by class as GeoPackage, Shapefile, GeoJSON, FlatGeobuf or, where QGIS opens it, GeoParquet.</source>
            <translation>Polígonos por clase como GeoPackage, Shapefile, GeoJSON, FlatGeobuf o, donde QGIS lo abra, GeoParquet.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Refinement steps</source>
            <translation>Pasos de refinado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Samples for uncertainty</source>
            <translation>Muestras para la incertidumbre</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Damaged blocks</source>
            <translation>Bloques dañados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Class of each pixel on the grid of the image, as GeoTIFF.</source>
            <translation>Clase de cada píxel en la cuadrícula de la imagen, como GeoTIFF.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Confidence of each pixel's class, 0 to 1, as GeoTIFF.</source>
            <translation>Confianza de la clase de cada píxel, de 0 a 1, como GeoTIFF.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Number of polygons</source>
            <translation>Número de polígonos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>{output}: the backend writes files and layers of GeoPackages, no tables of other databases.</source>
            <translation>{output}: el backend escribe archivos y capas de GeoPackage, no tablas de otras bases de datos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>What made {path} could not be written into it: {reason}</source>
            <translation>No se pudo escribir en {path} qué lo produjo: {reason}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Run the same algorithm again, with the same parameters and outputs, to go on from there.</source>
            <translation>Ejecute de nuevo el mismo algoritmo, con los mismos parámetros y salidas, para seguir desde ahí.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>IDGBR backend {version}.</source>
            <translation>Motor de IDGBR {version}.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Area to compare, in any coordinate system; empty for the whole image.</source>
            <translation>Zona que se compara, en cualquier sistema de coordenadas; vacío para toda la imagen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Id of a change model (change), or the folder of one.</source>
            <translation>Id de un modelo de cambios (change) o la carpeta de uno.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Probability from which on a place has changed: less finds more, wrong ones too. 0: the model's.</source>
            <translation>Probabilidad a partir de la cual un lugar ha cambiado: menos encuentra más, también errores. 0: la del modelo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Correct the boundaries with the diffusion refiner, in the image in which the building stands.</source>
            <translation>Corregir los límites con el refinador de difusión, en la imagen en la que está el edificio.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Move the later image back by the shift that is found, if that is beyond doubt.</source>
            <translation>Devolver la imagen posterior por el desplazamiento encontrado, si está fuera de duda.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/refine.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Extent</source>
            <translation>Extensión</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Threshold</source>
            <translation>Umbral</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Refine boundaries</source>
            <translation>Refinar límites</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/change.py" />
            <source>Align images</source>
            <translation>Alinear imágenes</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Finds the buildings that appeared, disappeared or were modified between two images.</source>
            <translation>Encuentra los edificios que aparecieron, desaparecieron o se modificaron entre dos imágenes.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Compares two images of the same place and draws the buildings that appeared, disappeared or were modified between them, with refined boundaries. The later image may have any coordinate system, resolution and extent: it is brought onto the grid of the earlier one. How far both are off each other is estimated part by part, told, and taken back on request. Ground that either image does not know is left out; where both are equal, nothing has changed.

The work is done by the IDGBR backend, in a process of its own; set it up in Settings ▸ Options ▸ IDGBR. Local rasters are read where they lie; web maps and layers in memory are exported for the extent first.

Polygons have the fields class_id, class (appeared, disappeared, modified), confidence (0…1), area_m2 and perim_m (ellipsoidal), and date_before and date_after where the dates are given.</source>
            <translation>Compara dos imágenes del mismo lugar y dibuja los edificios que aparecieron, desaparecieron o se modificaron entre ellas, con límites refinados. La imagen posterior puede tener cualquier sistema de coordenadas, resolución y extensión: se lleva a la cuadrícula de la anterior. Cuánto están desplazadas una respecto a otra se estima parte por parte, se indica y, si se pide, se corrige. El terreno que alguna de las imágenes no conoce se deja fuera; donde ambas son iguales, nada ha cambiado.

El trabajo lo hace el motor de IDGBR, en un proceso propio; instálelo en Configuración ▸ Opciones ▸ IDGBR. Los rásters locales se leen donde están; los mapas web y las capas en memoria se exportan antes para la extensión.

Los polígonos tienen los campos class_id, class (appeared, disappeared, modified), confidence (0…1), area_m2 y perim_m (elipsoidales), y date_before y date_after si se indican las fechas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>The earlier image; results are on its grid.</source>
            <translation>La imagen anterior; los resultados están en su cuadrícula.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>The later image, with any coordinate system, resolution and extent.</source>
            <translation>La imagen posterior, con cualquier sistema de coordenadas, resolución y extensión.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Compare the images in either order and average: a little surer, in twice the time.</source>
            <translation>Comparar las imágenes en ambos órdenes y promediar: algo más seguro, en el doble de tiempo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Probability that a place has changed, before threshold and refinement, 0 to 1, as GeoTIFF.</source>
            <translation>Probabilidad de que un lugar haya cambiado, antes del umbral y del refinado, de 0 a 1, como GeoTIFF.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>change detection,two dates,difference,building,damage,demolished,new,time,compare</source>
            <translation>detección de cambios,dos fechas,diferencia,edificio,daño,demolido,nuevo,tiempo,comparar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Image before</source>
            <translation>Imagen anterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Image after</source>
            <translation>Imagen posterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Compare in both orders</source>
            <translation>Comparar en ambos órdenes</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Date before</source>
            <translation>Fecha anterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Date after</source>
            <translation>Fecha posterior</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Date of the image, for the polygons' attributes.</source>
            <translation>Fecha de la imagen, para los atributos de los polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Shift between the images (m)</source>
            <translation>Desplazamiento entre las imágenes (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Whether the shift is beyond doubt</source>
            <translation>Si el desplazamiento está fuera de duda</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>The date before is not before the date after; are the two images swapped?</source>
            <translation>La fecha anterior no precede a la posterior; ¿están intercambiadas las dos imágenes?</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean IoU</source>
            <translation>IoU media</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean F1</source>
            <translation>F1 media</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Overall accuracy</source>
            <translation>Exactitud global</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Evaluate a classification</source>
            <translation>Evaluar una clasificación</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>accuracy,assessment,validation,truth,confusion matrix,iou,f1,boundary,error,compare,polis,report</source>
            <translation>exactitud,evaluación,validación,verdad,matriz de confusión,iou,f1,límite,error,comparar,polis,informe</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Measures how well a classification agrees with the truth, boundaries above all, with a report.</source>
            <translation>Mide hasta qué punto una clasificación coincide con la verdad, sobre todo en los límites, con un informe.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Compares a classification with the truth; either may be a class raster or a polygon layer, in any coordinate system. The numbers are outputs; the report, one HTML file, adds tables, the confusion matrix, distances between boundaries, a map of the errors and the worst places with pictures.

Both are put on one grid, by nearest pixel: the truth's, if it is a raster, else that of the prediction, else that of the image, else one made for the extent of the truth. Rasters are scored where they overlap; a true layer as far as the box around its polygons, or the extent given. Only ground that the truth does not know is left out; where the prediction has no class, it is wrong.

Classes are matched by name if both sides have names, else by number. Layers made by this plugin need no class field. Predicted classes that the truth does not know count as background.

The work is done by the IDGBR backend, in a process of its own; set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Compara una clasificación con la verdad; cualquiera de las dos puede ser un ráster de clases o una capa de polígonos, en cualquier sistema de coordenadas. Los números son salidas; el informe, un solo archivo HTML, añade tablas, la matriz de confusión, distancias entre límites, un mapa de los errores y los peores lugares con imágenes.

Ambas se llevan a una cuadrícula, por el píxel más cercano: la de la verdad si es un ráster, si no la de la predicción, si no la de la imagen, si no una hecha para la extensión de la verdad. Los rásters se puntúan donde se superponen; una capa verdadera, hasta el rectángulo que encierra sus polígonos o la extensión indicada. Solo se deja fuera el terreno que la verdad no conoce; donde la predicción no tiene clase, es errónea.

Las clases se emparejan por nombre si ambos lados tienen nombres, si no por número. Las capas hechas por este complemento no necesitan campo de clase. Las clases predichas que la verdad no conoce cuentan como fondo.

El trabajo lo hace el motor de IDGBR, en un proceso propio; instálelo en Configuración ▸ Opciones ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Field of the polygon layer that holds the class, text or integer; empty for the fields class and class_id, or if all polygons are alike.</source>
            <translation>Campo de la capa de polígonos que contiene la clase, texto o entero; vacío para los campos class y class_id, o si todos los polígonos son iguales.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean IoU within 3 px of true boundaries</source>
            <translation>IoU media a menos de 3 px de los límites verdaderos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>WFm: weighted F-measure of boundaries</source>
            <translation>WFm: medida F ponderada de los límites</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixels scored</source>
            <translation>Píxeles puntuados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixels that are wrong</source>
            <translation>Píxeles erróneos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixels without a prediction</source>
            <translation>Píxeles sin predicción</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Expected calibration error</source>
            <translation>Error de calibración esperado</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>F1 of polygons found</source>
            <translation>F1 de los polígonos encontrados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean IoU of matched polygons</source>
            <translation>IoU media de los polígonos emparejados</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>PoLiS distance of matched polygons (m)</source>
            <translation>Distancia PoLiS de los polígonos emparejados (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Vertices for each true one</source>
            <translation>Vértices por cada uno verdadero</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Angle error of matched polygons (degrees)</source>
            <translation>Error angular de los polígonos emparejados (grados)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Image below the errors in the report; gives its grid if two polygon layers are compared.</source>
            <translation>Imagen bajo los errores en el informe; da su cuadrícula si se comparan dos capas de polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Confidence of each predicted pixel, 0 to 1: for the calibration error.</source>
            <translation>Confianza de cada píxel predicho, de 0 a 1: para el error de calibración.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Area to score, in any coordinate system.</source>
            <translation>Zona que se puntúa, en cualquier sistema de coordenadas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixel size (m)</source>
            <translation>Tamaño de píxel (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Of the grid that two polygon layers are compared on; 0 has it chosen by extent.</source>
            <translation>De la cuadrícula en la que se comparan dos capas de polígonos; 0 deja elegirlo según la extensión.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>What ground without a true polygon is: background; unlabelled, then it is not scored; auto, background if either side has one or the truth has a single class.</source>
            <translation>Qué es el terreno sin polígono verdadero: background, fondo; unlabelled, entonces no se puntúa; auto, fondo si alguno de los lados lo tiene o la verdad tiene una sola clase.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Report with tables, charts and pictures, in one file.</source>
            <translation>Informe con tablas, gráficos e imágenes, en un solo archivo.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Boundary F-score, {tolerance}</source>
            <translation>Medida F de los límites, {tolerance}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Boundary IoU, {tolerance}</source>
            <translation>IoU de los límites, {tolerance}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Prediction</source>
            <translation>Predicción</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class raster or polygon layer to be judged.</source>
            <translation>Ráster de clases o capa de polígonos que se juzga.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class field of the prediction</source>
            <translation>Campo de clase de la predicción</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Truth</source>
            <translation>Verdad</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class raster or polygon layer that is right; nodata is not scored.</source>
            <translation>Ráster de clases o capa de polígonos que es correcta; nodata no se puntúa.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class field of the truth</source>
            <translation>Campo de clase de la verdad</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Outside of true polygons</source>
            <translation>Fuera de los polígonos verdaderos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Report</source>
            <translation>Informe</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>HTML files (*.html)</source>
            <translation>Archivos HTML (*.html)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Reading the map</source>
            <translation>Leyendo el mapa</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Segmenting</source>
            <translation>Segmentando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Refining boundaries from coarse to fine</source>
            <translation>Refinando límites de grueso a fino</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Refining boundaries</source>
            <translation>Refinando límites</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Vectorizing</source>
            <translation>Vectorizando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Comparing</source>
            <translation>Comparando</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Comparing dates</source>
            <translation>Comparando fechas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Writing</source>
            <translation>Escribiendo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{n} h</source>
            <translation>{n} h</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{stage}: about {time} left</source>
            <translation>{stage}: quedan unos {time}</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{n} s</source>
            <translation>{n} s</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{n} min</source>
            <translation>{n} min</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/provider.py" />
            <source>IDGBR – segmentation with diffusion-refined boundaries</source>
            <translation>IDGBR – segmentación con límites refinados por difusión</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Refine boundaries of a classification</source>
            <translation>Refinar los límites de una clasificación</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>refine,boundary,outline,correct,improve,shift,align,diffusion,classification,land cover,building,ai</source>
            <translation>refinar,límite,contorno,corregir,mejorar,desplazar,alinear,difusión,clasificación,cobertura del suelo,edificio,ia</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Moves the boundaries of any class raster or polygon layer to where an image shows them.</source>
            <translation>Mueve los límites de cualquier ráster de clases o capa de polígonos a donde una imagen los muestra.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Takes a classification of any origin, of any classes, and moves its boundaries to where the image shows them, with a diffusion model that looks at both. Nothing is trained. Only a band along boundaries can change, and only to what is there within its width; all else stays as it was, pixel for pixel.

How far the classification is to be trusted is told by samples of it: one drawn as exactly as the image shows is hardly changed; the more of it is doubted along its boundaries, the more freely these move, in fine images on a coarser grid first.

A class raster may have any grid, coordinate system and integer values, up to 255 classes; the class raster written keeps its values, colours and names. In one tile of the image up to 16 classes take part: the commonest, the rest stay, with a warning.

Polygons are drawn onto the pixels of the image. Where they overlap, the smaller one counts. Ground without a polygon is the background of objects such as buildings: it takes part, but is not drawn. Between polygons that lie side by side, as of a land cover, it is a gap: it has no class and stays so, unless gaps are to be filled. Which of the two holds is told by the outlines: where most of their length borders uncovered ground, it is background. Strips of up to two pixels between two polygons are gaps in any case. Nodata of a raster has no class.

Polygons have the fields class_id, class, confidence (0…1), area_m2 and perim_m (ellipsoidal), and moved_m: how far the outline lies from where its class ended before, on average, in metres on the ground; with samples also uncertain: how uncertain the outline is on average, 0…1. A polygon keeps the attributes of the polygon of the layer that it continues, as do several pieces of one; touching polygons of one class are joined, and attributes of what has no single origin are empty.

The work is done by the IDGBR backend, in a process of its own; set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation>Toma una clasificación de cualquier origen y con cualesquiera clases y mueve sus límites a donde la imagen los muestra, con un modelo de difusión que mira ambas. No se entrena nada. Solo puede cambiar una banda a lo largo de los límites, y solo a lo que hay dentro de su ancho; todo lo demás queda como estaba, píxel por píxel.

Cuánto hay que fiarse de la clasificación lo dicen muestras de ella: una dibujada con la exactitud que muestra la imagen apenas cambia; cuanto más se duda de ella a lo largo de sus límites, más libremente se mueven estos, en imágenes finas primero sobre una cuadrícula más gruesa.

Un ráster de clases puede tener cualquier cuadrícula, sistema de coordenadas y valores enteros, hasta 255 clases; el ráster de clases que se escribe conserva sus valores, colores y nombres. En una tesela de la imagen participan hasta 16 clases: las más frecuentes; el resto queda, con un aviso.

Los polígonos se dibujan sobre los píxeles de la imagen. Donde se superponen, cuenta el menor. El terreno sin polígono es el fondo de objetos como edificios: participa, pero no se dibuja. Entre polígonos contiguos, como los de una cobertura del suelo, es un hueco: no tiene clase y sigue sin ella, salvo que se pida rellenar los huecos. Cuál de los dos casos se da lo dicen los contornos: donde la mayor parte de su longitud linda con terreno descubierto, es fondo. Las franjas de hasta dos píxeles entre dos polígonos son huecos en todo caso. El nodata de un ráster no tiene clase.

Los polígonos tienen los campos class_id, class, confidence (0…1), area_m2 y perim_m (elipsoidales), y moved_m: a qué distancia media queda el contorno de donde antes terminaba su clase, en metros sobre el terreno; con muestras, también uncertain: cuán incierto es el contorno en promedio, 0…1. Un polígono conserva los atributos del polígono de la capa que continúa, también cuando son varias partes de uno; los polígonos de una misma clase que se tocan se unen, y los atributos de lo que no tiene un origen único quedan vacíos.

El trabajo lo hace el motor de IDGBR, en un proceso propio; instálelo en Configuración ▸ Opciones ▸ IDGBR.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Orthophoto or satellite image that shows the boundaries: a file, or a web map (then choose an extent).</source>
            <translation>Ortofoto o imagen de satélite que muestra los límites: un archivo o un mapa web (entonces elija una extensión).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Class raster or polygon layer, in any coordinate system, whose boundaries are about right; of a layer the selected features only, if so chosen.</source>
            <translation>Ráster de clases o capa de polígonos, en cualquier sistema de coordenadas, cuyos límites son más o menos correctos; de una capa solo los objetos seleccionados, si así se indica.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Field of the polygon layer that holds the class, text or integer; empty if all polygons are alike.</source>
            <translation>Campo de la capa de polígonos que contiene la clase, texto o entero; vacío si todos los polígonos son iguales.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Area to work on, in any coordinate system; empty for the whole image.</source>
            <translation>Zona sobre la que se trabaja, en cualquier sistema de coordenadas; vacío para toda la imagen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Background</source>
            <translation>Fondo</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Whether ground without a class takes part as background: yes; no, then it stays as it is; auto, if polygons are objects on it rather than a coverage.</source>
            <translation>Si el terreno sin clase participa como fondo: yes, sí; no, entonces queda como está; auto, si los polígonos son objetos sobre él y no una cobertura continua.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Give gaps of up to 32 pixels the class beside them beforehand; wider ground without a class stays.</source>
            <translation>Dar antes a los huecos de hasta 32 píxeles la clase que tienen al lado; el terreno sin clase más ancho queda.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>How far boundaries may move at most; 0 takes the width that the refiner was calibrated with.</source>
            <translation>Cuánto pueden moverse los límites como máximo; 0 toma el ancho con el que se calibró el refinador.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>{before} → {after}: {pixels} pixels, {area} m²</source>
            <translation>{before} → {after}: {pixels} píxeles, {area} m²</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Classification</source>
            <translation>Clasificación</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Fill gaps</source>
            <translation>Rellenar huecos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Band width (pixels)</source>
            <translation>Ancho de la banda (píxeles)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Pixels that changed class</source>
            <translation>Píxeles que cambiaron de clase</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Share of the boundary that moved</source>
            <translation>Parte del límite que se movió</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Mean displacement of the boundary (m)</source>
            <translation>Desplazamiento medio del límite (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>95th percentile of the displacement (m)</source>
            <translation>Percentil 95 del desplazamiento (m)</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Share of the classification doubted along its boundaries</source>
            <translation>Parte de la clasificación de la que se duda a lo largo de sus límites</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Segment image</source>
            <translation>Segmentar imagen</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>segmentation,semantic,ai,deep learning,diffusion,refine,boundary,building,roof,land cover,polygonize</source>
            <translation>segmentación,semántica,ia,aprendizaje profundo,difusión,refinar,límite,edificio,tejado,cobertura del suelo,poligonizar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Segments an image with a model, refines the boundaries and writes polygons by class.</source>
            <translation>Segmenta una imagen con un modelo, refina los límites y escribe polígonos por clase.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Segments an orthophoto or satellite image into classes, refines the boundaries with a diffusion model and writes polygons that are valid and meet without gaps or overlaps.

The work is done by the IDGBR backend, in a process of its own; set it up in Settings ▸ Options ▸ IDGBR. Local rasters are read where they lie; web maps and layers in memory are exported for the extent first.

Polygons have the fields class_id, class, confidence (0…1), area_m2 and perim_m (ellipsoidal); with samples also uncertain: how uncertain their boundary is on average, 0…1.</source>
            <translation>Segmenta en clases una ortofoto o imagen de satélite, refina los límites con un modelo de difusión y escribe polígonos válidos que se tocan sin huecos ni superposiciones.

El trabajo lo hace el motor de IDGBR, en un proceso propio; instálelo en Configuración ▸ Opciones ▸ IDGBR. Los rásters locales se leen donde están; los mapas web y las capas en memoria se exportan antes para la extensión.

Los polígonos tienen los campos class_id, class, confidence (0…1), area_m2 y perim_m (elipsoidales); con muestras, también uncertain: cuán incierto es su límite en promedio, 0…1.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Orthophoto or satellite image: a file, or a web map (then choose an extent).</source>
            <translation>Ortofoto o imagen de satélite: un archivo o un mapa web (entonces elija una extensión).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Area to segment, in any coordinate system; empty for the whole image.</source>
            <translation>Zona que se segmenta, en cualquier sistema de coordenadas; vacío para toda la imagen.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Results are kept inside these polygons alone; selected ones only, if so chosen.</source>
            <translation>Los resultados se conservan solo dentro de estos polígonos; solo los seleccionados, si así se elige.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Id of a model (buildings, landcover), the folder of a model, or an .onnx file.</source>
            <translation>Id de un modelo (buildings, landcover), la carpeta de un modelo o un archivo .onnx.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Correct the boundaries of the coarse segmentation with the diffusion refiner.</source>
            <translation>Corregir los límites de la segmentación gruesa con el refinador de difusión.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Mask polygons</source>
            <translation>Polígonos de máscara</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Track changes over several dates</source>
            <translation>Seguir los cambios en varias fechas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Finds when buildings were first and last seen in images of several dates.</source>
            <translation>Encuentra cuándo se vieron edificios por primera y por última vez en imágenes de varias fechas.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Compares each image with that of the next date, as the algorithm Detect changes does, and joins what it finds: the polygons are the buildings that were not there all the time. The date of an image is that in the name of its file, or of its layer where it has to be exported: ortho_2020.tif or ortho_2020-05-31.tif. A building that disappears ends the one that appeared there earlier if both overlap by half; what was modified is left out.

The work is done by the IDGBR backend, in a process of its own; set it up in Settings ▸ Options ▸ IDGBR. A run that was stopped goes on when it is run again.

Polygons have the fields first_seen and last_seen (empty where the building was there before the first date, or still is at the last), confidence (0…1) and area_m2.</source>
            <translation>Compara cada imagen con la de la fecha siguiente, como lo hace el algoritmo Detectar cambios, y une lo que encuentra: los polígonos son los edificios que no estuvieron todo el tiempo. La fecha de una imagen es la del nombre de su archivo, o de su capa si hay que exportarla: ortho_2020.tif u ortho_2020-05-31.tif. Un edificio que desaparece pone fin al que apareció allí antes si ambos se solapan en la mitad; lo modificado se omite.

El trabajo lo hace el backend de IDGBR, en un proceso propio; configúrelo en Configuración ▸ Opciones ▸ IDGBR. Una ejecución detenida continúa al ejecutarla de nuevo.

Los polígonos tienen los campos first_seen y last_seen (vacíos si el edificio ya estaba antes de la primera fecha o sigue en pie en la última), confidence (0…1) y area_m2.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Images</source>
            <translation>Imágenes</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Images of one place with their dates in their names, in any order and on any grids.</source>
            <translation>Imágenes de un mismo lugar con la fecha en el nombre, en cualquier orden y en cualquier cuadrícula.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>appeared</source>
            <translation>aparecido</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>disappeared</source>
            <translation>desaparecido</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>appeared and disappeared</source>
            <translation>aparecido y desaparecido</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>change detection,time series,history,first seen,last seen,building,monitoring,dates</source>
            <translation>detección de cambios,serie temporal,historia,visto por primera vez,visto por última vez,edificio,seguimiento,fechas</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Buildings that appeared</source>
            <translation>Edificios aparecidos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/track_changes.py" />
            <source>Buildings that disappeared</source>
            <translation>Edificios desaparecidos</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Vectorize class raster</source>
            <translation>Vectorizar ráster de clases</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Turns a class raster into smooth polygons that meet without gaps or overlaps.</source>
            <translation>Convierte un ráster de clases en polígonos suaves que se tocan sin huecos ni superposiciones.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Turns a class raster, from any tool, into polygons whose boundaries run where the pixel steps suggest them rather than along the steps. Boundaries between neighbours are drawn once, so there are no gaps and no overlaps; nodata stays empty. Rasters of any size are read in strips.

The work is done by the IDGBR backend, in a process of its own; set it up in Settings ▸ Options ▸ IDGBR.

Polygons have the fields class_id, class, confidence (0…1), area_m2 and perim_m (ellipsoidal).</source>
            <translation>Convierte un ráster de clases, de cualquier programa, en polígonos cuyos límites van por donde los escalones de los píxeles los sugieren y no a lo largo de los escalones. Los límites entre vecinos se dibujan una sola vez, así que no hay huecos ni superposiciones; nodata queda vacío. Los rásters de cualquier tamaño se leen por franjas.

El trabajo lo hace el motor de IDGBR, en un proceso propio; instálelo en Configuración ▸ Opciones ▸ IDGBR.

Los polígonos tienen los campos class_id, class, confidence (0…1), area_m2 y perim_m (elipsoidales).</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Raster of class numbers, any integers, of which up to 255 occur; nodata gets no polygons.</source>
            <translation>Ráster de números de clase, enteros cualesquiera, de los que aparecen hasta 255; nodata no recibe polígonos.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Confidence of each pixel's class, 0 to 1, on the same grid: fills the field confidence.</source>
            <translation>Confianza de la clase de cada píxel, de 0 a 1, en la misma cuadrícula: llena el campo confidence.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Round the boundaries, for things without corners such as water or woods.</source>
            <translation>Redondear los límites, para cosas sin esquinas como el agua o los bosques.</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>polygonize,polygons,coverage,simplify,smooth,classification,topology,gaps,square</source>
            <translation>poligonizar,polígonos,cobertura,simplificar,suavizar,clasificación,topología,huecos,escuadrar</translation>
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Smooth curves</source>
            <translation>Curvas suaves</translation>
        </message>
    </context>
</TS>
